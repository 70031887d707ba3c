using System.Text.RegularExpressions;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>The headers that every answer must carry, and what must stand in them.</summary>
internal static partial class HeaderSet
{
    private static readonly IReadOnlyDictionary<string, string> Fixed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "no-referrer",
        ["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    public static void AssertOn(HttpResponseMessage response)
    {
        string what = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} answered {(int)response.StatusCode}";
        foreach ((string name, string value) in Fixed)
        {
            Assert.True(One(response, name) == value, $"{what} with {name}: {One(response, name) ?? "nothing"}");
        }

        Assert.True(response.Headers.CacheControl is not null, what + " and says nothing of caches");
        Assert.False(response.Headers.Contains("Server"), what + " and names the server's program");
        Dictionary<string, string> policy = (One(response, "Content-Security-Policy") ?? "").Split("; ").Select(directive => directive.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
        Assert.True(policy.GetValueOrDefault("default-src") == "'none'" && policy.GetValueOrDefault("object-src") == "'none'" && policy.GetValueOrDefault("base-uri") == "'none'"
            && policy.GetValueOrDefault("frame-ancestors") == "'none'" && policy.GetValueOrDefault("form-action") == "'self'" && policy.GetValueOrDefault("style-src") == "'self'", $"{what} with the policy {One(response, "Content-Security-Policy")}");
        Assert.True(ScriptSources().IsMatch(policy.GetValueOrDefault("script-src", "")), $"{what} and lets scripts in from {policy.GetValueOrDefault("script-src")}");
    }

    /// <summary>Asserts that every script of a page is a file or carries the nonce of this answer, and that nothing else runs or styles inline.</summary>
    public static void AssertNothingInline(HttpResponseMessage response, string page)
    {
        string path = response.RequestMessage!.RequestUri!.AbsolutePath;
        string nonce = Nonce().Match(One(response, "Content-Security-Policy")!).Groups[1].Value;
        Assert.All(ScriptTag().Matches(page), tag => Assert.True(
            tag.Value.Contains(" src=\"/", StringComparison.Ordinal) || (nonce.Length > 0 && tag.Value.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal)), $"{path} holds {tag.Value}"));
        Assert.True(Inline().Match(page) is { Success: false }, $"{path} holds {Inline().Match(page).Value}");
    }

    private static string? One(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    [GeneratedRegex("^'self'( 'nonce-[0-9a-f]{32}')?$")]
    private static partial Regex ScriptSources();

    [GeneratedRegex("'nonce-([0-9a-f]{32})'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex ScriptTag();

    [GeneratedRegex("""<style[\s>]|<[a-z][^>]*\s(style|on[a-z]+)="[^"]*"|(href|src|action)="javascript:""")]
    private static partial Regex Inline();
}
