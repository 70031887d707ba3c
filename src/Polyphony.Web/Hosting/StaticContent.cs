using Microsoft.AspNetCore.StaticFiles;

namespace Polyphony.Web.Hosting;

/// <summary>Style sheets, scripts and pictures, which any cache may keep for a day; pages name them with their version.</summary>
internal static class StaticContent
{
    public static readonly StaticFileOptions Options = new()
    {
        ContentTypeProvider = new FileExtensionContentTypeProvider(),
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=86400",
    };
}
