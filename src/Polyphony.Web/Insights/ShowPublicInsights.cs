using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Publication;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Insights;

/// <summary>Insights for everybody, from what was released and from nothing else.</summary>
internal static class ShowPublicInsights
{
    public static void Map(RouteGroupBuilder open)
    {
        open.MapGet("/insights", (DialogueScope scope, PageTexts texts, HttpResponse response) =>
        {
            response.Headers.Vary = "Accept-Language, Cookie";
            return Results.Redirect($"/d/{scope.Dialogue.Slug}/insights/{texts.Shown(scope.Dialogue)}");
        });
        open.MapGet("/insights/{language:regex(^([a-z][a-z]|qps-ploc|qps-plocm)$)}", async (string language, HttpContext context, DialogueScope scope, Db db, ResultSnapshots snapshots, CancellationToken cancellationToken) =>
            !DialogueLanguages.IsOffered(scope.Dialogue, language.ToLowerInvariant()) ? Results.NotFound() : await snapshots.AnswerAsync(context, () => ShowResults.StampAsync(db, scope, cancellationToken), async () => (await PageAsync(context, scope, db, cancellationToken), "text/html; charset=utf-8")));
    }

    private static async Task<byte[]> PageAsync(HttpContext context, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        PublicInsightsModel model = new(scope.Dialogue, await ShowResults.ReleaseAsync(db, scope, cancellationToken) is { TakenBackAt: null } current ? PublishedResults.Of(current.ResultsJson) : null);
        await using HtmlRenderer renderer = new(context.RequestServices, context.RequestServices.GetRequiredService<ILoggerFactory>());
        return Encoding.UTF8.GetBytes(await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<PublicInsightsPage>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model }))).ToHtmlString()));
    }
}

/// <summary>What the public page of insights shows.</summary>
public sealed record PublicInsightsModel(Dialogue Dialogue, PublishedResults? Results);
