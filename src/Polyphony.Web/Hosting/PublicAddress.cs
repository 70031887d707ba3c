using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Polyphony.Web.Hosting;

/// <summary>The address under which people reach this server: feeds every link and QR code.</summary>
public sealed class PublicAddress(IOptions<PolyphonyOptions> options, IServer server)
{
    /// <summary>Without a slash at the end.</summary>
    public string Root => options.Value.PublicUrl.Length > 0
        ? options.Value.PublicUrl.TrimEnd('/')
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("127.0.0.1", "localhost", StringComparison.Ordinal).TrimEnd('/')
            ?? PolyphonyServer.DefaultAddress;

    /// <summary>The full address of a path.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string Of(string path) => Root + path;
}
