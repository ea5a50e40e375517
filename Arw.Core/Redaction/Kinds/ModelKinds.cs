using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Keys of model providers.</summary>
internal static class ModelKinds
{
    public static IEnumerable<Detector> All { get; } =
    [
        Token("anthropic-key", "Anthropic API key", "docs.anthropic.com", Url64, 80, 130, "sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-", "sk-ant-ort01-"),
        Token("openai-project-key", "OpenAI project key", "platform.openai.com", Url64, 40, 200, "sk-proj-"),
        Token("openai-service-key", "OpenAI service account or admin key", "platform.openai.com", Url64, 40, 200, "sk-svcacct-", "sk-admin-"),
        Token("openai-key", "OpenAI API key, and keys of services that copied its form", "platform.openai.com", Alphanumeric, 32, 64, "sk-"),
        Token("openrouter-key", "OpenRouter key", "openrouter.ai/docs", Hex, 64, 64, "sk-or-v1-"),
        Token("huggingface-token", "Hugging Face token", "huggingface.co/docs", Alphanumeric, 34, 40, "hf_"),
        Token("huggingface-org-token", "Hugging Face organisation token", "huggingface.co/docs", Alphanumeric, 34, 40, "api_org_"),
        Token("replicate-token", "Replicate token", "replicate.com/docs", Alphanumeric, 37, 40, "r8_"),
        Token("groq-key", "Groq key", "console.groq.com/docs", Alphanumeric, 48, 56, "gsk_"),
        Token("perplexity-key", "Perplexity key", "docs.perplexity.ai", Alphanumeric, 48, 56, "pplx-"),
        Token("xai-key", "xAI key", "docs.x.ai", Alphanumeric, 70, 90, "xai-"),
        Groups("langsmith-key", "LangSmith key", "docs.smith.langchain.com", ["lsv2_pt_", "lsv2_sk_"], '_', (Hex, 32, 32), (Hex, 10, 10)),
        Token("nvidia-key", "NVIDIA API key", "docs.api.nvidia.com", Url64, 60, 80, "nvapi-"),
        Token("pinecone-key", "Pinecone key", "docs.pinecone.io", Word, 60, 80, "pcsk_"),
    ];
}
