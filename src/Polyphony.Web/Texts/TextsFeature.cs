using Polyphony.Web.Audiences;

namespace Polyphony.Web.Texts;

/// <summary>Which language a page speaks: asked for in the address, else remembered, else the citizen's, else the browser's, else English.</summary>
internal static class TextsFeature
{
    private const string Cookie = "language";

    public static void AddTexts(this IServiceCollection services)
    {
        services.AddSingleton<TextCatalogue>();
        services.AddScoped(provider => provider.GetRequiredService<TextCatalogue>().In(Choose(provider.GetRequiredService<IHttpContextAccessor>().HttpContext)));
    }

    public static void MapTexts(this IEndpointRouteBuilder app) => app.MapPublic().MapGet("/language/{language}", (string language, string? back, HttpResponse response) =>
    {
        if (IsKnown(language))
        {
            response.Cookies.Append(Cookie, language, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365), Secure = true });
        }

        // Only a path of our own: nobody is sent elsewhere.
        return Results.LocalRedirect(back is ['/', not '/' and not '\\', ..] or "/" ? back : "/");
    });

    private static bool IsKnown(string language) => TextCatalogue.Shipped.Contains(language) || TextCatalogue.Pseudo.Contains(language);

    private static string Choose(HttpContext? context)
    {
        if (context is null)
        {
            return TextCatalogue.Fallback;
        }

        if (context.Request.RouteValues["language"] is string named && IsKnown(named))
        {
            return named;
        }

        if (context.Request.Query["lang"].ToString() is { } asked && IsKnown(asked))
        {
            return asked;
        }

        if (context.Request.Cookies[Cookie] is { } remembered && IsKnown(remembered))
        {
            return remembered;
        }

        return context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value!.Split('-')[0].ToLowerInvariant()).FirstOrDefault(TextCatalogue.Shipped.Contains) ?? TextCatalogue.Fallback;
    }
}
