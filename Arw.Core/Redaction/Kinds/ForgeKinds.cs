using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Tokens of code forges, package registries and build services. GitHub and npm close theirs with a checksum; one that does not fit is masked all the same, since a mistyped token is a token too.</summary>
internal static class ForgeKinds
{
    public static IEnumerable<Detector> All { get; } =
    [
        Token("github-pat", "GitHub personal access token", "docs.github.com, token formats", Alphanumeric, 36, 255, "ghp_"),
        Token("github-oauth-token", "GitHub OAuth token", "docs.github.com, token formats", Alphanumeric, 36, 255, "gho_"),
        Token("github-user-token", "GitHub app user token", "docs.github.com, token formats", Alphanumeric, 36, 255, "ghu_"),
        Token("github-server-token", "GitHub app installation token", "docs.github.com, token formats", Alphanumeric, 36, 255, "ghs_"),
        Token("github-refresh-token", "GitHub refresh token", "docs.github.com, token formats", Alphanumeric, 36, 255, "ghr_"),
        Groups("github-fine-grained-pat", "GitHub fine-grained token", "docs.github.com, token formats", ["github_pat_"], '_', (Alphanumeric, 22, 22), (Alphanumeric, 59, 59)),
        Token("gitlab-pat", "GitLab personal access token", "docs.gitlab.com, token prefixes", Url64Dots, 20, 300, "glpat-"),
        Token("gitlab-deploy-token", "GitLab deploy token", "docs.gitlab.com, token prefixes", Url64, 20, 64, "gldt-"),
        Token("gitlab-runner-token", "GitLab runner token", "docs.gitlab.com, token prefixes", Url64Dots, 20, 64, "glrt-", "glrtr-", "GR1348941"),
        Token("gitlab-trigger-token", "GitLab pipeline trigger token", "docs.gitlab.com, token prefixes", Url64, 20, 64, "glptt-"),
        Token("gitlab-job-token", "GitLab CI job token", "docs.gitlab.com, token prefixes", Url64, 20, 512, "glcbt-"),
        Token("gitlab-feed-token", "GitLab feed or mail token", "docs.gitlab.com, token prefixes", Url64, 20, 64, "glft-", "glimt-"),
        Token("gitlab-agent-token", "GitLab agent token", "docs.gitlab.com, token prefixes", Url64, 40, 64, "glagent-"),
        Token("gitlab-oauth-secret", "GitLab OAuth application secret", "docs.gitlab.com, token prefixes", Url64, 40, 80, "gloas-", "glsoat-"),
        Token("bitbucket-app-password", "Bitbucket app password", "support.atlassian.com", Alphanumeric, 32, 32, "ATBB"),
        Token("atlassian-api-token", "Atlassian API token", "support.atlassian.com", Url64Equals, 150, 250, "ATATT3x"),
        Token("atlassian-access-token", "Atlassian repository token", "support.atlassian.com", Url64Equals, 150, 250, "ATCTT3x"),
        Token("npm-token", "npm token", "docs.npmjs.com", Alphanumeric, 36, 36, "npm_"),
        Token("pypi-token", "PyPI token", "pypi.org/help", Url64, 85, 512, "pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"),
        Token("rubygems-key", "RubyGems API key", "guides.rubygems.org", Hex, 48, 48, "rubygems_"),
        Token("crates-io-token", "crates.io token", "doc.rust-lang.org/cargo", Alphanumeric, 32, 32, "cio"),
        Token("nuget-key", "NuGet API key", "learn.microsoft.com/nuget", Lower, 43, 43, "oy2"),
        Token("clojars-token", "Clojars deploy token", "github.com/clojars/clojars-web", Hex, 60, 60, "CLOJARS_"),
        Token("docker-token", "Docker access token", "docs.docker.com", Url64, 27, 32, "dckr_pat_", "dckr_oat_"),
        Token("jfrog-key", "JFrog API key", "jfrog.com/help", Alphanumeric, 64, 72, "AKCp"),
        Token("jfrog-reference-token", "JFrog reference token", "jfrog.com/help", Alphanumeric, 56, 60, "cmVmdGtu"),
        Token("buildkite-token", "Buildkite token", "buildkite.com/docs", Hex, 40, 40, "bkua_"),
        Groups("circleci-token", "CircleCI token", "circleci.com/docs", ["CCIPAT_", "CCIPRJ_"], '_', (Alphanumeric, 22, 22), (Hex, 40, 40)),
        Token("sonarqube-token", "SonarQube token", "docs.sonarsource.com", Hex, 40, 40, "squ_", "sqp_", "sqa_"),
        Token("readme-key", "ReadMe API key", "docs.readme.com", Lower, 70, 70, "rdme_"),
        Token("prefect-key", "Prefect API key", "docs.prefect.io", Alphanumeric, 36, 36, "pnu_"),
        Token("sentry-user-token", "Sentry user token", "docs.sentry.io", Hex, 64, 64, "sntryu_"),
        Token("sentry-org-token", "Sentry organisation token", "docs.sentry.io", Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_"), 80, 512, "sntrys_eyJ"),
        Token("linear-key", "Linear API key", "developers.linear.app", Alphanumeric, 40, 48, "lin_api_", "lin_oauth_"),
        Groups("postman-key", "Postman API key", "learning.postman.com", ["PMAK-"], '-', (Hex, 24, 24), (Hex, 34, 34)),
    ];
}
