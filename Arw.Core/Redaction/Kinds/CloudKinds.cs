using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Keys of clouds, of what is hosted on them, and of infrastructure.</summary>
internal static class CloudKinds
{
    public static IEnumerable<Detector> All { get; } =
    [
        Token("aws-access-key-id", "AWS access key id", "docs.aws.amazon.com, IAM identifiers", Base32, 16, 16, "AKIA", "ASIA", "ABIA", "ACCA"),
        Token("aws-session-token", "AWS session token", "docs.aws.amazon.com, STS", Base64Equals, 80, 2048, "IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdzE"),
        Token("aws-bedrock-key", "Amazon Bedrock API key", "docs.aws.amazon.com, Bedrock API keys", Base64Equals, 80, 2048, "ABSKQmVkcm9ja0FQSUtleS", "bedrock-api-key-"),
        Groups("aws-mws-token", "Amazon MWS token", "docs.developer.amazonservices.com", ["amzn.mws."], '-', (AnyHex, 8, 8), (AnyHex, 4, 4), (AnyHex, 4, 4), (AnyHex, 4, 4), (AnyHex, 12, 12)),
        Token("gcp-api-key", "Google API key", "cloud.google.com, API keys", Url64, 35, 35, "AIza"),
        Token("google-oauth-secret", "Google OAuth client secret", "developers.google.com, OAuth 2.0", Url64, 28, 28, "GOCSPX-"),
        Token("google-access-token", "Google OAuth access token", "developers.google.com, OAuth 2.0", Url64Dots, 30, 2048, "ya29."),
        Token("google-refresh-token", "Google OAuth refresh token", "developers.google.com, OAuth 2.0", Url64, 40, 512, "1//0"),
        Around("firebase-messaging-key", "Firebase Cloud Messaging server key", "firebase.google.com, FCM", ":APA91b", Url64, 11, 11, Url64, 100, 512),
        Around("azure-client-secret", "Microsoft Entra client secret", "learn.microsoft.com, purview credential definitions", ["0Q~", "1Q~", "2Q~", "3Q~", "4Q~", "5Q~", "6Q~", "7Q~", "8Q~", "9Q~"], AzureSecret, 3, 3, AzureSecret, 31, 34),
        Around("azure-devops-pat", "Azure DevOps personal access token", "learn.microsoft.com, Azure DevOps", "AZDO", Alphanumeric, 76, 76, Alphanumeric, 4, 4),
        After("azure-storage-key", "Azure storage account key", "learn.microsoft.com, connection strings", Base64Equals, 86, 90, "AccountKey="),
        After("azure-shared-access-key", "Azure shared access key", "learn.microsoft.com, connection strings", Base64Equals, 42, 46, "SharedAccessKey="),
        After("azure-sas-signature", "Azure shared access signature", "learn.microsoft.com, service SAS", Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+/="), 43, 70, "&sig=", "?sig="),
        Token("digitalocean-token", "DigitalOcean token", "docs.digitalocean.com", Hex, 64, 64, "dop_v1_"),
        Token("digitalocean-oauth-token", "DigitalOcean OAuth token", "docs.digitalocean.com", Hex, 64, 64, "doo_v1_"),
        Token("digitalocean-refresh-token", "DigitalOcean refresh token", "docs.digitalocean.com", Hex, 64, 64, "dor_v1_"),
        Token("heroku-api-key", "Heroku API key", "devcenter.heroku.com", Url64, 36, 64, "HRKU-"),
        Token("planetscale-password", "PlanetScale password", "planetscale.com/docs", Url64Dots, 32, 64, "pscale_pw_"),
        Token("planetscale-token", "PlanetScale token", "planetscale.com/docs", Url64Dots, 32, 64, "pscale_tkn_", "pscale_oauth_"),
        Token("supabase-token", "Supabase token", "supabase.com/docs", Hex, 40, 40, "sbp_"),
        Token("supabase-secret-key", "Supabase secret key", "supabase.com/docs", Url64, 31, 48, "sb_secret_"),
        Token("netlify-token", "Netlify token", "docs.netlify.com", Alphanumeric, 36, 40, "nfp_"),
        Token("fly-token", "Fly.io token", "fly.io/docs", Base64Equals, 100, 2048, "fm2_", "fm1r_", "fm1a_"),
        Groups("cloudflare-origin-key", "Cloudflare origin CA key", "developers.cloudflare.com", ["v1.0-"], '-', (Hex, 24, 24), (Hex, 146, 146)),
        Token("databricks-token", "Databricks token", "docs.databricks.com", Of("0123456789abcdef-"), 32, 34, "dapi"),
        Token("vault-token", "HashiCorp Vault token", "developer.hashicorp.com/vault", Url64, 24, 400, "hvs.", "hvb.", "hvr."),
        Around("terraform-token", "Terraform Cloud token", "developer.hashicorp.com/terraform", ".atlasv1.", Alphanumeric, 14, 14, Url64Equals, 60, 72),
        Token("pulumi-token", "Pulumi token", "pulumi.com/docs", Hex, 40, 40, "pul-"),
        Groups("doppler-token", "Doppler token", "docs.doppler.com", ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."], '.', (Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."), 40, 64)),
        Groups("onepassword-secret-key", "1Password secret key", "support.1password.com", ["A3-"], '-', (Upper, 6, 6), (Upper, 6, 11), (Upper, 5, 6), (Upper, 5, 5), (Upper, 5, 5)),
        Token("onepassword-service-token", "1Password service account token", "developer.1password.com", Base64Equals, 100, 2048, "ops_eyJ"),
        Token("tailscale-key", "Tailscale key", "tailscale.com/kb", Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"), 16, 64, "tskey-auth-", "tskey-api-", "tskey-client-", "tskey-webhook-"),
        Groups("dynatrace-token", "Dynatrace token", "docs.dynatrace.com", ["dt0c01.", "dt0s01.", "dt0s16."], '.', (Upper, 8, 24), (Upper, 64, 64)),
        Token("alibaba-access-key-id", "Alibaba Cloud access key id", "alibabacloud.com/help", Alphanumeric, 17, 20, "LTAI"),
    ];

    // So many characters of an alphabet on both sides of a literal.
    private static Detector Around(string id, string name, string source, string anchor, System.Buffers.SearchValues<byte> before, int leastBefore, int mostBefore, System.Buffers.SearchValues<byte> after, int leastAfter, int mostAfter) =>
        Around(id, name, source, [anchor], before, leastBefore, mostBefore, after, leastAfter, mostAfter);

    private static Detector Around(string id, string name, string source, string[] anchors, System.Buffers.SearchValues<byte> before, int leastBefore, int mostBefore, System.Buffers.SearchValues<byte> after, int leastAfter, int mostAfter) =>
        new(Credential(id, name, source), anchors, (text, at) =>
        {
            var from = at + anchors[0].Length;
            var back = RunBefore(text, at, before, mostBefore + 1);
            var on = from < text.Length ? Run(text, from, after, mostAfter + 1) : 0;
            return back >= leastBefore && back <= mostBefore && on >= leastAfter && on <= mostAfter && IsVaried(text.Slice(from, on))
                ? new Hit(at - back, from + on)
                : Hit.None;
        });

    // A name in a connection string or a query: only what follows it is secret.
    private static Detector After(string id, string name, string source, System.Buffers.SearchValues<byte> alphabet, int least, int most, params string[] names) =>
        new(Credential(id, name, source), names, (text, at) =>
        {
            var from = at + names[0].Length;
            var run = from < text.Length ? Run(text, from, alphabet, most + 1) : 0;
            return run >= least && run <= most && IsVaried(text.Slice(from, run)) ? new Hit(from, from + run) : Hit.None;
        });
}
