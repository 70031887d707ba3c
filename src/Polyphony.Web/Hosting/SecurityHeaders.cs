using System.Security.Cryptography;

namespace Polyphony.Web.Hosting;

/// <summary>The headers that every response carries, errors and downloads included.</summary>
internal static class SecurityHeaders
{
    private const string NonceItem = "CspNonce";

    private const string PolicyOfTheRest = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    private const string PolicyWithoutNonce = "script-src 'self'; " + PolicyOfTheRest;

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            HttpContext started = (HttpContext)state;
            IHeaderDictionary headers = started.Response.Headers;
            headers.ContentSecurityPolicy = started.Items[NonceItem] is string nonce ? $"script-src 'self' 'nonce-{nonce}'; {PolicyOfTheRest}" : PolicyWithoutNonce;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (started.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            }

            if (!headers.ContainsKey("Cache-Control"))
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    /// <summary>The nonce of this response's scripts, made when the first script asks for it: most responses have none.</summary>
    public static string CspNonce(this HttpContext context)
    {
        if (context.Items[NonceItem] is string made)
        {
            return made;
        }

        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceItem] = nonce;
        return nonce;
    }
}
