using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;

namespace Polyphony.Web.Texts;

/// <summary>Which languages a visitor reads: asked for in the address, then remembered, then the citizen's, then the browser's. A page speaks the first for which there are texts.</summary>
internal static class TextsFeature
{
    private const string Cookie = "language";

    public static void AddTexts(this IServiceCollection services)
    {
        services.AddSingleton<TextCatalogue>();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext is { } context
            ? Choose(context, provider.GetRequiredService<TextCatalogue>(), provider.GetRequiredService<DialogueScope>())
            : provider.GetRequiredService<TextCatalogue>().In(TextCatalogue.Fallback));
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

    /// <summary>A language that somebody may ask for: one with texts, or any in which a dialogue may be written.</summary>
    private static bool IsKnown(string language) => TextCatalogue.HasTexts(language) || DialogueLanguages.IsKnown(language);

    private static PageTexts Choose(HttpContext context, TextCatalogue catalogue, DialogueScope scope)
    {
        string otherwise = scope.HasDialogue ? scope.Dialogue.FallbackLanguage : TextCatalogue.Fallback;
        if (context.Request.RouteValues["language"] is string named && IsKnown(named.ToLowerInvariant()))
        {
            // Such a page is the same for everybody: nobody's browser has a say.
            return catalogue.In([named.ToLowerInvariant()], otherwise);
        }

        IEnumerable<string> accepted = context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value!.Split('-')[0].ToLowerInvariant());
        return catalogue.In(
            [.. ((string?[])[context.Request.Query["lang"], context.Request.Cookies[Cookie], scope.CitizenLanguage, .. accepted]).OfType<string>().Where(IsKnown).Distinct(StringComparer.Ordinal)],
            otherwise);
    }
}
