namespace Arw.Tests.Redaction;

/// <summary>A secret and the text that makes it one.</summary>
/// <param name="Secret">What must not be left.</param>
/// <param name="Text">What stands around it by its format; the secret alone by default.</param>
internal sealed record SecretSample(string Secret, string? Text = null);

/// <summary>Makes secrets after the formats that their issuers publish. Written from those, not from the detectors.</summary>
internal static class SecretSamples
{
    public static IReadOnlyDictionary<string, Func<Drawn, SecretSample>> All { get; } = Make();

    private static Dictionary<string, Func<Drawn, SecretSample>> Make()
    {
        var all = new Dictionary<string, Func<Drawn, SecretSample>>(StringComparer.Ordinal);
        void Plain(string kind, Func<Drawn, string> make) => all.Add(kind, d => new SecretSample(make(d)));
        void In(string kind, Func<Drawn, string> make, params string[] frames) => all.Add(kind, d =>
        {
            var secret = make(d);
            return new SecretSample(secret, d.Any(frames).Replace("{}", secret, StringComparison.Ordinal));
        });

        // Clouds and hosting
        Plain("aws-access-key-id", d => d.Any("AKIA", "ASIA") + d.Of(Drawn.Upper + "234567", 16));
        In("aws-secret-access-key", d => d.Of(Drawn.Alnum + "+/", 40), "aws_secret_access_key = {}", "AWS_SECRET_ACCESS_KEY={}", "\"SecretAccessKey\": \"{}\"", "export AWS_SECRET_ACCESS_KEY=\"{}\"", "secret_access_key: {}");
        Plain("aws-session-token", d => "IQoJb3JpZ2luX2Vj" + d.Base64(150));
        Plain("aws-bedrock-key", d => "ABSKQmVkcm9ja0FQSUtleS" + d.Base64(82));
        Plain("aws-mws-token", d => "amzn.mws." + d.Uuid());
        Plain("gcp-api-key", d => "AIza" + d.Url(34) + d.An(1));
        Plain("google-oauth-secret", d => "GOCSPX-" + d.Url(27) + d.An(1));
        Plain("google-access-token", d => "ya29." + d.Url(d.Random.Next(120, 200)) + d.An(1));
        Plain("google-refresh-token", d => "1//0" + d.Url(90) + d.An(2));
        Plain("firebase-messaging-key", d => "AAAA" + d.An(7) + ":APA91b" + d.Url(133) + d.An(1));
        Plain("azure-client-secret", d => d.An(3) + d.Digits(1) + "Q~" + d.Of(Drawn.Base64Url + ".~", 31, 33) + d.An(1));
        Plain("azure-devops-pat", d => d.An(76) + "AZDO" + d.An(4));
        In("azure-storage-key", d => d.Base64(64), "DefaultEndpointsProtocol=https;AccountName=store1;AccountKey={};EndpointSuffix=core.windows.net");
        In("azure-shared-access-key", d => d.Base64(32), "Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey={}");
        In("azure-sas-signature", d => Uri.EscapeDataString(d.Base64(32)), "https://store1.blob.core.windows.net/c/b.txt?sv=2022-11-02&sr=b&sp=r&sig={}");
        Plain("digitalocean-token", d => "dop_v1_" + d.Hex(64));
        Plain("digitalocean-oauth-token", d => "doo_v1_" + d.Hex(64));
        Plain("digitalocean-refresh-token", d => "dor_v1_" + d.Hex(64));
        Plain("heroku-api-key", d => d.Any("HRKU-" + d.Uuid(), "HRKU-AA" + d.Url(57) + d.An(1)));
        Plain("planetscale-password", d => "pscale_pw_" + d.Url(42) + d.An(1));
        Plain("planetscale-token", d => "pscale_tkn_" + d.Url(42) + d.An(1));
        Plain("supabase-token", d => "sbp_" + d.Hex(40));
        Plain("netlify-token", d => "nfp_" + d.An(36));
        Plain("databricks-token", d => "dapi" + d.Hex(32) + d.Any("", "-2"));
        Plain("vault-token", d => "hvs." + d.Any(d.An(24), d.Url(95) + d.An(1)));
        Plain("terraform-token", d => d.An(14) + ".atlasv1." + d.Url(66) + d.An(1));
        Plain("pulumi-token", d => "pul-" + d.Hex(40));
        Plain("doppler-token", d => "dp.pt." + d.An(43));
        Plain("onepassword-secret-key", d => $"A3-{d.Of(Drawn.Upper + Drawn.Digit, 6)}-{d.Of(Drawn.Upper + Drawn.Digit, 6)}-{d.Of(Drawn.Upper + Drawn.Digit, 5)}-{d.Of(Drawn.Upper + Drawn.Digit, 5)}-{d.Of(Drawn.Upper + Drawn.Digit, 5)}");
        Plain("onepassword-service-token", d => "ops_" + d.Base64UrlOf($$"""{"email":"{{d.An(8)}}@x","muk":"{{d.An(120)}}"}"""));
        Plain("tailscale-key", d => $"tskey-auth-{d.An(12)}CNTRL-{d.An(32)}");
        Plain("dynatrace-token", d => $"dt0c01.{d.Of(Drawn.Upper + "234567", 24)}.{d.Of(Drawn.Upper + "234567", 64)}");

        // Forges, registries, build services
        Plain("github-pat", d => d.WithCrc("ghp_"));
        Plain("github-oauth-token", d => d.WithCrc("gho_"));
        Plain("github-user-token", d => d.WithCrc("ghu_"));
        Plain("github-server-token", d => d.WithCrc("ghs_"));
        Plain("github-refresh-token", d => "ghr_" + d.An(76));
        Plain("github-fine-grained-pat", d => $"github_pat_{d.An(22)}_{d.An(59)}");
        Plain("gitlab-pat", d => "glpat-" + d.Any(d.Url(19) + d.An(1), $"{d.Url(27)}.01.{d.Of(Drawn.Lower + Drawn.Digit, 9)}"));
        Plain("gitlab-deploy-token", d => "gldt-" + d.Url(19) + d.An(1));
        Plain("gitlab-runner-token", d => "glrt-" + d.Url(19) + d.An(1));
        Plain("gitlab-trigger-token", d => "glptt-" + d.Hex(40));
        Plain("gitlab-job-token", d => $"glcbt-{d.Hex(2)}_{d.Url(19)}{d.An(1)}");
        Plain("gitlab-feed-token", d => d.Any("glft-", "glimt-") + d.Url(24) + d.An(1));
        Plain("bitbucket-app-password", d => "ATBB" + d.An(24) + d.Of("0123456789ABCDEF", 8));
        Plain("atlassian-api-token", d => "ATATT3xFfGF0" + d.Url(171) + "=" + d.Of("0123456789ABCDEF", 8));
        Plain("npm-token", d => d.WithCrc("npm_"));
        Plain("pypi-token", d => "pypi-AgEIcHlwaS5vcmcCJ" + d.Url(149) + d.An(1));
        Plain("rubygems-key", d => "rubygems_" + d.Hex(48));
        Plain("crates-io-token", d => "cio" + d.An(32));
        Plain("nuget-key", d => "oy2" + d.Of(Drawn.Lower + Drawn.Digit, 43));
        Plain("clojars-token", d => "CLOJARS_" + d.Hex(60));
        Plain("docker-token", d => "dckr_pat_" + d.Url(26) + d.An(1));
        Plain("jfrog-key", d => "AKCp" + d.An(69));
        Plain("buildkite-token", d => "bkua_" + d.Hex(40));
        Plain("circleci-token", d => $"CCIPAT_{d.An(22)}_{d.Hex(40)}");
        Plain("sonarqube-token", d => d.Any("squ_", "sqp_", "sqa_") + d.Hex(40));
        Plain("readme-key", d => "rdme_" + d.Of(Drawn.Lower + Drawn.Digit, 70));
        Plain("prefect-key", d => "pnu_" + d.An(36));
        Plain("sentry-user-token", d => "sntryu_" + d.Hex(64));
        Plain("sentry-org-token", d => $"sntrys_{d.Base64UrlOf($$"""{"iat":1687336543.698,"url":"https://sentry.io","org":"{{d.An(6)}}"}""")}_{d.An(43)}");
        Plain("linear-key", d => "lin_api_" + d.An(40));
        Plain("postman-key", d => $"PMAK-{d.Hex(24)}-{d.Hex(34)}");

        // Model providers
        Plain("anthropic-key", d => "sk-ant-api03-" + d.Url(93) + "AA");
        Plain("openai-project-key", d => $"sk-proj-{d.Url(74)}T3BlbkFJ{d.Url(73)}{d.An(1)}");
        Plain("openai-service-key", d => $"sk-svcacct-{d.Url(58)}T3BlbkFJ{d.Url(57)}{d.An(1)}");
        Plain("openai-key", d => $"sk-{d.An(20)}T3BlbkFJ{d.An(20)}");
        Plain("openrouter-key", d => "sk-or-v1-" + d.Hex(64));
        Plain("huggingface-token", d => "hf_" + d.Of(Drawn.Lower + Drawn.Upper, 34));
        Plain("huggingface-org-token", d => "api_org_" + d.Of(Drawn.Lower + Drawn.Upper, 34));
        Plain("replicate-token", d => "r8_" + d.An(37));
        Plain("groq-key", d => "gsk_" + d.An(52));
        Plain("perplexity-key", d => "pplx-" + d.An(48));
        Plain("xai-key", d => "xai-" + d.An(80));
        Plain("langsmith-key", d => $"lsv2_pt_{d.Hex(32)}_{d.Hex(10)}");

        // Services
        Plain("slack-bot-token", d => $"xoxb-{d.Digits(12)}-{d.Digits(13)}-{d.An(24)}");
        Plain("slack-user-token", d => $"xoxp-{d.Digits(12)}-{d.Digits(12)}-{d.Digits(12)}-{d.Hex(32)}");
        Plain("slack-app-token", d => $"xapp-1-A{d.Of(Drawn.Upper + Drawn.Digit, 10)}-{d.Digits(13)}-{d.Hex(64)}");
        Plain("slack-webhook", d => $"hooks.slack.com/services/T{d.Of(Drawn.Upper + Drawn.Digit, 10)}/B{d.Of(Drawn.Upper + Drawn.Digit, 10)}/{d.An(24)}");
        Plain("discord-webhook", d => $"discord.com/api/webhooks/{d.Digits(18)}/{d.Url(67)}{d.An(1)}");
        Plain("telegram-bot-token", d => $"{d.Random.Next(100_000_000, 999_999_999)}:AA{d.Url(32)}{d.An(1)}");
        Plain("stripe-secret-key", d => d.Any("sk_live_", "sk_test_") + d.Any(d.An(24), d.An(99)));
        Plain("stripe-restricted-key", d => "rk_live_" + d.An(24));
        Plain("webhook-signing-secret", d => "whsec_" + d.An(32));
        Plain("square-token", d => "sq0atp-" + d.Url(21) + d.An(1));
        Plain("square-secret", d => "sq0csp-" + d.Url(42) + d.An(1));
        Plain("braintree-token", d => $"access_token$production${d.Of(Drawn.Lower + Drawn.Digit, 16)}${d.Hex(32)}");
        Plain("shopify-access-token", d => d.Any("shpat_", "shpca_", "shppa_") + d.Hex(32));
        Plain("shopify-shared-secret", d => "shpss_" + d.Hex(32));
        Plain("easypost-key", d => "EZAK" + d.An(54));
        Plain("duffel-token", d => "duffel_live_" + d.Url(42) + d.An(1));
        Plain("shippo-token", d => "shippo_live_" + d.Hex(40));
        Plain("plaid-access-token", d => $"access-production-{d.Uuid()}");
        Plain("sendgrid-key", d => $"SG.{d.Url(22)}.{d.Url(42)}{d.An(1)}");
        Plain("mailgun-key", d => "key-" + d.Hex(32));
        Plain("brevo-key", d => $"xkeysib-{d.Hex(64)}-{d.An(16)}");
        Plain("mailchimp-key", d => $"{d.Hex(32)}-us{d.Random.Next(1, 22)}");
        Plain("twilio-key", d => "SK" + d.Hex(32));
        Plain("newrelic-key", d => "NRAK-" + d.Of(Drawn.Upper + Drawn.Digit, 27));
        Plain("grafana-service-token", d => $"glsa_{d.An(32)}_{d.Hex(8)}");
        Plain("grafana-cloud-token", d => "glc_" + d.Base64UrlOf($$$"""{"o":"{{{d.Digits(6)}}}","n":"{{{d.An(8)}}}","k":"{{{d.An(24)}}}","m":{"r":"us"}}"""));
        Plain("figma-token", d => "figd_" + d.Url(39) + d.An(1));
        Plain("notion-token", d => d.Any("ntn_" + d.An(46), "secret_" + d.An(43)));
        Plain("airtable-token", d => $"pat{d.An(14)}.{d.Hex(64)}");
        Plain("hubspot-token", d => "pat-na1-" + d.Uuid());
        Plain("typeform-token", d => "tfp_" + d.Url(43) + d.An(1));
        Plain("contentful-token", d => "CFPAT-" + d.Url(42) + d.An(1));
        Plain("adafruit-key", d => "aio_" + d.An(28));
        Plain("facebook-token", d => "EAA" + d.An(150));
        Plain("mapbox-secret-token", d => $"sk.{d.Base64UrlOf($$"""{"u":"{{d.An(8)}}","a":"{{d.An(25)}}"}""")}.{d.Url(21)}{d.An(1)}");
        Plain("intra42-secret", d => "s-s4t2ud-" + d.Hex(64));

        Plain("slack-config-token", d => "xoxe.xoxp-1-" + d.Url(145) + d.An(1));
        Plain("teams-webhook", d => $"acme.webhook.office.com/webhookb2/{d.Uuid()}@{d.Uuid()}/IncomingWebhook/{d.Hex(32)}/{d.Uuid()}");
        Plain("zapier-webhook", d => $"hooks.zapier.com/hooks/catch/{d.Digits(8)}/{d.Of(Drawn.Lower + Drawn.Digit, 7)}");
        Plain("flutterwave-key", d => d.Any("FLWSECK-", "FLWSECK_TEST-") + d.Hex(32) + "-X");
        Plain("frameio-token", d => "fio-u-" + d.Url(63) + d.An(1));
        Plain("dropbox-token", d => d.Any("sl.B", "sl.u.") + d.Url(134) + d.An(1));
        Plain("resend-key", d => $"re_{d.An(8)}_{d.An(24)}");
        Plain("nvidia-key", d => "nvapi-" + d.Url(63) + d.An(1));
        Plain("pinecone-key", d => $"pcsk_{d.An(5)}_{d.An(63)}");
        Plain("gitlab-agent-token", d => "glagent-" + d.Url(49) + d.An(1));
        Plain("gitlab-oauth-secret", d => "gloas-" + d.Hex(64));
        Plain("atlassian-access-token", d => "ATCTT3xFfGN0" + d.Url(171) + "=" + d.Of("0123456789ABCDEF", 8));
        Plain("jfrog-reference-token", d => "cmVmdGtu" + d.An(56));
        Plain("supabase-secret-key", d => $"sb_secret_{d.Url(22)}_{d.An(8)}");
        Plain("fly-token", d => "fm2_" + d.Base64(300));
        Plain("cloudflare-origin-key", d => $"v1.0-{d.Hex(24)}-{d.Hex(146)}");
        Plain("alibaba-access-key-id", d => "LTAI5t" + d.An(18));
        In("putty-key", d => d.Base64(150), "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 4\n{}\nPrivate-MAC: 00");

        // Structures
        Plain("private-key", d => d.Pem());
        Plain("age-key", d => "AGE-SECRET-KEY-1" + d.Of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58));
        Plain("wallet-key", d => "xprv9" + d.Of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 106));
        Plain("jwt", d => d.Jwt(d.Any("HS256", "RS256", "ES256")));
        In("bearer-token", d => d.Any(d.Hex(40), d.An(32), d.Base64(32)), "Authorization: Bearer {}", "-H 'authorization: bearer {}'");
        In("basic-credentials", d => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{d.An(6)}:{d.An(12)}")), "Authorization: Basic {}", "sent BASIC {} to the proxy");
        In("connection-url", d => $"{d.Of(Drawn.Lower, 5)}:{d.An(14)}", "postgres://{}@db.internal:5432/app", "redis://{}@cache:6379/0", "mongodb+srv://{}@cluster0.mongodb.net/x", "amqp://{}@mq/vhost");
        In("url-user", d => $"{d.Of(Drawn.Lower, 5)}:{d.An(14)}", "https://{}@git.example.org/x.git", "http://{}@10.0.0.1:8080/");
        Plain("arw-token", d => $"arw_{d.Any("person", "agent", "node", "guest")}_{d.Of(Drawn.Lower + "234567", 32)}");
        In("assigned-password", d => d.Of(Drawn.Alnum + "!#%*+?", 12, 20) + d.Digits(1), "password = \"{}\"", "DB_PASSWORD='{}'", "Server=db;Database=x;User Id=sa;Password={};Encrypt=true", "\"passwd\": \"{}\"", "password: {}", "mysql --password={} app");
        In("assigned-secret", d => d.Any(d.An(32), d.Hex(40), d.Url(43)) + d.Digits(1), "client_secret=\"{}\"", "APP_SECRET={}", "\"signing_key\": \"{}\"", "secret: {}");
        In("assigned-token", d => d.Any(d.An(32), d.Hex(40)) + d.Digits(1), "access_token={}", "\"refreshToken\":\"{}\"", "auth_token: {}", "TOKEN='{}'");
        In("assigned-api-key", d => d.Any(d.An(32), d.Hex(32)) + d.Digits(1), "api_key={}", "X-Api-Key: {}", "\"apiKey\": \"{}\"", "https://example.org/v1?apikey={}&q=1", "ACCESS_KEY = '{}'");

        // Money and people
        Plain("card", d =>
        {
            var number = d.Any(d.Card("4", 16), d.Card("53", 16), d.Card("37", 15), d.Card("6011", 16), d.Card("2221", 16));
            return d.Any(number, number.Length == 16 ? string.Join(' ', number.Chunk(4).Select(c => new string(c))) : number, number.Length == 16 ? string.Join('-', number.Chunk(4).Select(c => new string(c))) : number);
        });
        Plain("iban", d =>
        {
            var iban = d.Any(d.Iban("DE", d.Digits(18)), d.Iban("GB", d.Of(Drawn.Upper, 4) + d.Digits(14)), d.Iban("NL", d.Of(Drawn.Upper, 4) + d.Digits(10)), d.Iban("FR", d.Digits(10) + d.Of(Drawn.Upper + Drawn.Digit, 11) + d.Digits(2)));
            return d.Any(iban, string.Join(' ', iban.Chunk(4).Select(c => new string(c))));
        });
        Plain("mail", d => $"{d.Of(Drawn.Lower, 3, 9)}{d.Any(".", "_", "+", "")}{d.Of(Drawn.Lower, 3, 9)}@{d.Any("", "mail.")}{d.Of(Drawn.Lower + Drawn.Digit, 4, 10)}.{d.Any("org", "com", "co.uk", "museum")}");
        Plain("phone", d => d.Any($"+49 {d.Random.Next(30, 999)} {d.Digits(7)}", $"+1-{d.Random.Next(200, 999)}-{d.Digits(3)}-{d.Digits(4)}", $"+44{d.Random.Next(1, 9)}{d.Digits(9)}", $"+1 ({d.Random.Next(200, 999)}) {d.Digits(3)}-{d.Digits(4)}"));
        return all;
    }
}
