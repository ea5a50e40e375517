using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Keys of payment, messaging, mail and other services.</summary>
internal static class ServiceKinds
{
    public static IEnumerable<Detector> All { get; } =
    [
        Token("slack-bot-token", "Slack bot token", "api.slack.com, token types", Url64, 30, 80, "xoxb-"),
        Token("slack-user-token", "Slack user token", "api.slack.com, token types", Url64, 30, 120, "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxc-"),
        Token("slack-app-token", "Slack app token", "api.slack.com, token types", Url64, 40, 120, "xapp-"),
        Token("slack-config-token", "Slack configuration token", "api.slack.com, token rotation", Url64Dots, 40, 300, "xoxe.", "xoxe-"),
        Groups("slack-webhook", "Slack webhook", "api.slack.com, incoming webhooks", ["hooks.slack.com/services/"], '/', (Upper, 8, 14), (Upper, 8, 14), (Alphanumeric, 20, 28)),
        Groups("discord-webhook", "Discord webhook", "discord.com/developers", ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], '/', (Digits, 17, 20), (Url64, 60, 72)),
        Token("teams-webhook", "Microsoft Teams webhook", "learn.microsoft.com, incoming webhooks", Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-@/"), 100, 240, "webhook.office.com/webhookb2/"),
        Groups("zapier-webhook", "Zapier webhook", "help.zapier.com", ["hooks.zapier.com/hooks/catch/"], '/', (Digits, 5, 12), (Lower, 5, 12)),
        new(Credential("telegram-bot-token", "Telegram bot token", "core.telegram.org/bots"), [":AA"], (text, at) =>
            RunBefore(text, at, Digits, 11) is >= 8 and <= 10 and var id && Bytes.Run(text, at + 3, Url64, 34) == 33 && Begins(text, at - id)
                ? new Hit(at - id, at + 36)
                : Hit.None),
        Token("stripe-secret-key", "Stripe secret key", "docs.stripe.com/keys", Alphanumeric, 16, 255, "sk_live_", "sk_test_", "sk_prod_"),
        Token("stripe-restricted-key", "Stripe restricted key", "docs.stripe.com/keys", Alphanumeric, 16, 255, "rk_live_", "rk_test_", "rk_prod_"),
        Token("webhook-signing-secret", "Webhook signing secret", "docs.stripe.com/webhooks", Base64Equals, 24, 64, "whsec_"),
        Token("square-token", "Square access token", "developer.squareup.com", Url64, 22, 22, "sq0atp-"),
        Token("square-secret", "Square OAuth secret", "developer.squareup.com", Url64, 43, 43, "sq0csp-"),
        Groups("braintree-token", "Braintree access token", "developer.paypal.com/braintree", ["access_token$production$", "access_token$sandbox$"], '$', (Lower, 16, 16), (Hex, 32, 32)),
        Token("shopify-access-token", "Shopify access token", "shopify.dev", AnyHex, 32, 32, "shpat_", "shpca_", "shppa_"),
        Token("shopify-shared-secret", "Shopify shared secret", "shopify.dev", AnyHex, 32, 32, "shpss_"),
        Token("flutterwave-key", "Flutterwave secret key", "developer.flutterwave.com", Of("abcdefghijklmnopqrstuvwxyz0123456789-X"), 32, 48, "FLWSECK_TEST-", "FLWSECK-"),
        Token("easypost-key", "EasyPost key", "docs.easypost.com", Alphanumeric, 54, 54, "EZAK", "EZTK"),
        Token("duffel-token", "Duffel token", "duffel.com/docs", Url64Equals, 43, 43, "duffel_live_", "duffel_test_"),
        Token("shippo-token", "Shippo token", "docs.goshippo.com", Hex, 40, 40, "shippo_live_", "shippo_test_"),
        Groups("plaid-access-token", "Plaid access token", "plaid.com/docs", ["access-sandbox-", "access-development-", "access-production-"], '-', (Hex, 8, 8), (Hex, 4, 4), (Hex, 4, 4), (Hex, 4, 4), (Hex, 12, 12)),
        Groups("sendgrid-key", "SendGrid key", "docs.sendgrid.com", ["SG."], '.', (Url64, 22, 22), (Url64, 43, 43)),
        Token("mailgun-key", "Mailgun key", "documentation.mailgun.com", Hex, 32, 32, "key-"),
        Groups("brevo-key", "Brevo key", "developers.brevo.com", ["xkeysib-", "xsmtpsib-"], '-', (Hex, 64, 64), (Alphanumeric, 16, 16)),
        new(Credential("mailchimp-key", "Mailchimp key", "mailchimp.com/developer"), ["-us"], (text, at) =>
            RunBefore(text, at, Hex, 33) == 32 && Begins(text, at - 32) && Bytes.Run(text, at + 3, Digits, 3) is > 0 and < 3 and var digits && Ends(text, at + 3 + digits)
                ? new Hit(at - 32, at + 3 + digits)
                : Hit.None),
        new(Credential("twilio-key", "Twilio API key", "twilio.com/docs"), [.. "0123456789abcdef".Select(c => $"SK{c}")], (text, at) =>
            Begins(text, at) && Bytes.Run(text, at + 2, Hex, 33) == 32 && Ends(text, at + 34) && IsVaried(text.Slice(at + 2, 32)) ? new Hit(at, at + 34) : Hit.None),
        Token("newrelic-key", "New Relic user key", "docs.newrelic.com", Upper, 27, 27, "NRAK-"),
        Groups("grafana-service-token", "Grafana service account token", "grafana.com/docs", ["glsa_"], '_', (Alphanumeric, 32, 32), (AnyHex, 8, 8)),
        Token("grafana-cloud-token", "Grafana Cloud token", "grafana.com/docs", Base64Equals, 40, 400, "glc_eyJ"),
        Token("figma-token", "Figma token", "figma.com/developers", Url64, 40, 48, "figd_", "figu_"),
        Token("notion-token", "Notion token", "developers.notion.com", Alphanumeric, 43, 50, "ntn_", "secret_"),
        Groups("airtable-token", "Airtable token", "airtable.com/developers", ["pat"], '.', (Alphanumeric, 14, 14), (Hex, 64, 64)),
        Groups("hubspot-token", "HubSpot token", "developers.hubspot.com", ["pat-na1-", "pat-na2-", "pat-eu1-"], '-', (AnyHex, 8, 8), (AnyHex, 4, 4), (AnyHex, 4, 4), (AnyHex, 4, 4), (AnyHex, 12, 12)),
        Token("typeform-token", "Typeform token", "typeform.com/developers", Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.=-"), 40, 62, "tfp_"),
        Token("contentful-token", "Contentful token", "contentful.com/developers", Url64, 43, 43, "CFPAT-"),
        Token("adafruit-key", "Adafruit IO key", "io.adafruit.com/api/docs", Alphanumeric, 28, 28, "aio_"),
        Token("frameio-token", "Frame.io token", "developer.frame.io", Url64Equals, 64, 64, "fio-u-"),
        Token("facebook-token", "Facebook access token", "developers.facebook.com", Alphanumeric, 90, 400, "EAA"),
        Token("dropbox-token", "Dropbox token", "dropbox.com/developers", Url64, 60, 1500, "sl.B", "sl.u."),
        Groups("mapbox-secret-token", "Mapbox secret token", "docs.mapbox.com", ["sk.eyJ"], '.', (Url64, 40, 160), (Url64, 20, 28)),
        Token("intra42-secret", "42 school client secret", "api.intra.42.fr", Hex, 64, 64, "s-s4t2ud-"),
        Token("resend-key", "Resend key", "resend.com/docs", Word, 30, 40, "re_"),
    ];
}
