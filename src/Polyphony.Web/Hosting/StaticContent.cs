using Microsoft.AspNetCore.StaticFiles;

namespace Polyphony.Web.Hosting;

/// <summary>Style sheets, scripts and pictures, which any cache may keep for a day; pages name them with their version.</summary>
internal static class StaticContent
{
    /// <summary>Changes with every build, so that no cache keeps the style of an older version.</summary>
    public static readonly string Version = typeof(StaticContent).Module.ModuleVersionId.ToString("N")[..8];

    public static readonly StaticFileOptions Options = new()
    {
        ContentTypeProvider = new FileExtensionContentTypeProvider(),
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=86400",
    };
}
