using System.Net;

namespace Polyphony.Web.Hosting;

/// <summary>The addresses on which the server was told to listen, by <c>--urls</c>, by ports alone or as Kestrel endpoints.</summary>
internal static class ListeningAddresses
{
    public static bool AreStated(IConfiguration configuration) => Of(configuration).Count > 0;

    /// <summary>In the order in which Kestrel prefers them: its own endpoints, then addresses, then ports.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "").Where(url => url.Length > 0)];
        string[] urls = Parts(configuration["urls"]);
        return endpoints.Length > 0
            ? endpoints
            : urls.Length > 0
                ? urls
                : [.. Parts(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Parts(configuration["https_ports"]).Select(port => $"https://*:{port}")];
    }

    /// <summary>Whether https is asked for, so that a certificate must be there.</summary>
    public static bool NeedCertificate(IConfiguration configuration) => Of(configuration).Any(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether other machines reach an address.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static bool IsOpen(string url)
    {
        BindingAddress address = BindingAddress.Parse(url);
        return !address.IsUnixPipe && !IsLoopback(address.Host);
    }

    /// <summary>Whether what goes over an address can be read on the way.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static bool IsPlain(string url) => BindingAddress.Parse(url).Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));

    private static string[] Parts(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
