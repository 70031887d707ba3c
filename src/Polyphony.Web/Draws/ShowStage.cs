using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The ceremony on a large screen: dice or typed values, the number, the panel's composition, and no names. With <c>?run=test</c> a rehearsal of it.</summary>
internal static class ShowStage
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/draw/stage", ShowAsync);

    /// <summary>The address of the stage with what is chosen on it.</summary>
    public static string Address(string segment, bool isTest, bool isDark) => $"/organise/{segment}/draw/stage?light={(isDark ? "dark" : "plain")}{(isTest ? "&run=test" : "")}";

    private static async Task<IResult> ShowAsync(DialogueScope scope, Db db, DrawDesk desk, HttpRequest request, TimeProvider clock, CancellationToken cancellationToken)
    {
        bool isTest = request.Query["run"] == "test";
        int by = int.TryParse(request.Query["by"], NumberStyles.None, CultureInfo.InvariantCulture, out int chosen) ? chosen : 0;
        if (scope is { HasManySites: true, ChosenSite: null })
        {
            SitesDraw model = await SitesDraw.ReadAsync(db, scope, isPublic: true, isTest ? LotteryKind.Test : LotteryKind.Panel, null, request.Query["problem"].ToString(), "", cancellationToken);
            return new RazorComponentResult<SitesStagePage>(new
            {
                Model = model,
                Mirror = model.IsDrawn
                    ? SitesMirror.Of(scope.Sites, await PanelMirror.ReadAllAsync(db, scope.DialogueId, [.. model.Sites.Select(site => site.Attempt)], cancellationToken), by)
                    : SitesMirror.None,
                IsTest = isTest,
                IsDark = request.Query["light"] != "plain",
                Now = clock.GetUtcNow(),
            });
        }

        Lottery? lottery = await desk.NewestAsync(scope.SiteId, isTest ? LotteryKind.Test : LotteryKind.Panel, cancellationToken);
        return new RazorComponentResult<StagePage>(new
        {
            Model = new StageModel(
                scope, lottery is { State: LotteryState.Frozen or LotteryState.Drawn } ? lottery : null, isTest, request.Query["light"] != "plain",
                await PanelMirror.ReadAsync(db, lottery, cancellationToken), by,
                request.Query["problem"].ToString(), clock.GetUtcNow()),
        });
    }
}

/// <summary>What the large screen shows.</summary>
/// <param name="Lottery">Frozen or drawn; null: there is nothing to draw from.</param>
public sealed record StageModel(DialogueScope Scope, Lottery? Lottery, bool IsTest, bool IsDark, IReadOnlyList<PanelMirror> Mirrors, int By, string Problem, DateTimeOffset Now)
{
    public IReadOnlyList<DeclaredSource> Sources => Lottery is null ? [] : DrawDesk.SourcesOf(Lottery);

    /// <summary>Three dice that are the number of the panel.</summary>
    public bool ByThreeDice => Lottery is { PanelCount: ComputeLottery.Panels } && Sources is [{ Kind: DrawSourceKind.Dice }];
}
