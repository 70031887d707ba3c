using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Statements;

/// <summary>The landscape for organisers and auditors: a dot for everybody, the groups with their stability, and what the public gets of it.</summary>
internal static class ShowLandscape
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/landscape", ShowAsync);
        organiser.MapPost("/landscape/slate", ChooseRuleAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<LandscapePage>> ShowAsync(DialogueScope scope, Db db, LiveLandscapes live, HttpRequest request, CancellationToken cancellationToken)
    {
        StatementVote? vote = await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(v => v.DialogueId == scope.DialogueId, cancellationToken);
        (Landscape? landscape, DateTimeOffset? at) = vote?.State switch
        {
            BallotState.Open => await live.ReadAsync(db, scope.DialogueId, cancellationToken) is (Landscape now, DateTimeOffset moment) ? (now, moment) : (null, null),
            BallotState.Closed when await WholeVote.ClosedAsync(db, scope.DialogueId, cancellationToken) is { } whole => (await Task.Run(() => Landscape.Of(whole), cancellationToken), (DateTimeOffset?)null),
            _ => (null, null),
        };
        if (vote is null || landscape is null)
        {
            return new(new { Model = new LandscapeModel(scope, vote, null, null, null, null, null, default, 0) });
        }

        (SlateRule rule, int size) = Asked(request.Query["rule"].ToString(), request.Query["size"].ToString()) ?? (vote.SlateRule, vote.SlateSize);
        StatementRoute route = await StatementRoute.ReadAsync(db, scope.DialogueId, cancellationToken);
        PublishedLandscape seen = await Task.Run(() => landscape.ForStaff(OpinionSlate.Of(landscape, rule, size, route)), cancellationToken);
        PublishedLandscape? released = vote.LandscapeJson.Length > 0 ? JsonSerializer.Deserialize<PublishedLandscape>(vote.LandscapeJson, PublishedResults.Json) : null;
        return new(new { Model = new LandscapeModel(scope, vote, released, DotsOf(landscape), seen, ReadStatements.Of(landscape, at is null ? route : null, scope.Sites), at, rule, size) });
    }

    /// <summary>Fixes before the vote closes by which rule the slate is chosen: afterwards one could take the rule whose outcome one likes.</summary>
    private static async Task<IResult> ChooseRuleAsync(DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/landscape";
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (Asked(form["rule"].ToString(), form["size"].ToString()) is not var (rule, size))
        {
            return Results.Redirect(page + "#slate");
        }

        int changed = await db.StatementVotes.Where(vote => vote.DialogueId == scope.DialogueId && vote.State != BallotState.Closed)
            .ExecuteUpdateAsync(set => set.SetProperty(vote => vote.SlateRule, rule).SetProperty(vote => vote.SlateSize, size), cancellationToken);
        if (changed > 0)
        {
            db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "statements.slate-rule", Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"rule\":\"{rule}\",\"size\":{size}}}") });
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect(page + "#slate");
    }

    private static (SlateRule Rule, int Size)? Asked(string rule, string size) =>
        Enum.TryParse(rule, out SlateRule given) && Enum.IsDefined(given) && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= OpinionSlate.MostStatements
            ? (given, number)
            : null;

    /// <summary>What was released of a dialogue's landscape when its vote closed; null while there is none.</summary>
    public static async Task<PublishedLandscape?> ReleasedAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken) =>
        await db.StatementVotes.AsNoTracking().Where(vote => vote.DialogueId == dialogue).Select(vote => vote.LandscapeJson).SingleOrDefaultAsync(cancellationToken) is { Length: > 0 } json
            ? JsonSerializer.Deserialize<PublishedLandscape>(json, PublishedResults.Json)
            : null;

    private static LandscapeDots DotsOf(Landscape landscape)
    {
        var (map, people) = (landscape.Map, landscape.People);
        int[] named = [.. Enumerable.Range(0, map.K).Select(group => landscape.Order.Index().Single(pair => pair.Item == group).Index)];
        return new LandscapeDots(
            [.. people.Index().Select(person => new LandscapeDot(map.PlaceOf(person.Index).X, map.PlaceOf(person.Index).Y, map.GroupOf[person.Index] < 0 ? -1 : landscape.HasGroups ? named[map.GroupOf[person.Index]] : 0, (double)map.FoundAgain[person.Index] / Statistics.Opinion.Stable.StableMap.Samples))
                .OrderBy(dot => dot.Group).ThenBy(dot => dot.X).ThenBy(dot => dot.Y)],
            landscape.HasGroups ? [.. landscape.Order.Select(group => (map.Groups[group].Size, map.Groups[group].Stability))] : [],
            [.. map.Tried.Select(tried => (tried.K, tried.Least))], map.Explained.Sum(), map.Hash);
    }
}

/// <summary>What the organiser's page of the landscape shows.</summary>
/// <param name="Vote">The vote; null when there is none.</param>
/// <param name="Released">What the public gets when results are published; null before closing.</param>
/// <param name="Dots">Everybody's place; null while there is nothing to show.</param>
/// <param name="Seen">The same with every count as it is, and with the slate that is looked at.</param>
/// <param name="Read">Topics, and how evenly statements were seen.</param>
/// <param name="At">When the votes were read that it is drawn from; null once the vote is closed.</param>
/// <param name="Rule">The rule of the slate that is looked at.</param>
/// <param name="Size">Its size.</param>
public sealed record LandscapeModel(DialogueScope Scope, StatementVote? Vote, PublishedLandscape? Released, LandscapeDots? Dots, PublishedLandscape? Seen, StatementsRead? Read, DateTimeOffset? At, SlateRule Rule, int Size);

/// <summary>Everybody's place, without order.</summary>
/// <param name="Groups">Size and stability of each group; none when there are no groups.</param>
/// <param name="Tried">Each number of groups that was tried, with the stability of its least stable group.</param>
/// <param name="Explained">The share of all differences that two directions show.</param>
/// <param name="Hash">Whoever computes the map from the same votes gets the same.</param>
public sealed record LandscapeDots(IReadOnlyList<LandscapeDot> Dots, IReadOnlyList<(int Size, double Stability)> Groups, IReadOnlyList<(int K, double Least)> Tried, double Explained, string Hash);

/// <summary>One person's place.</summary>
/// <param name="Group">From 0 by size; −1 for too few votes.</param>
/// <param name="Stability">In how many of ten samples of the statements the person stood in the same group, 0 to 1.</param>
public sealed record LandscapeDot(double X, double Y, int Group, double Stability);
