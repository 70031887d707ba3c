using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Statements;

/// <summary>The landscape for organisers and auditors: a dot for everybody, the groups with their stability, and what the public gets of it.</summary>
internal static class ShowLandscape
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/landscape", ShowAsync);

    private static async Task<RazorComponentResult<LandscapePage>> ShowAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        ClosedVote? vote = await ClosedVote.ReadAsync(db, scope.DialogueId, cancellationToken);
        Landscape? landscape = vote is null ? null : await Task.Run(() => Landscape.Of(vote), cancellationToken);
        return new(new { Model = new LandscapeModel(scope, vote?.Vote.LandscapeJson is { Length: > 0 } json ? JsonSerializer.Deserialize<PublishedLandscape>(json, PublishedResults.Json) : null, landscape is null ? null : DotsOf(landscape)) });
    }

    /// <summary>What was released of a dialogue's landscape when its vote closed; null while there is none.</summary>
    public static async Task<PublishedLandscape?> ReleasedAsync(Db db, Dialogues.DialogueId dialogue, CancellationToken cancellationToken) =>
        await db.StatementVotes.AsNoTracking().Where(vote => vote.DialogueId == dialogue).Select(vote => vote.LandscapeJson).SingleOrDefaultAsync(cancellationToken) is { Length: > 0 } json
            ? JsonSerializer.Deserialize<PublishedLandscape>(json, PublishedResults.Json)
            : null;

    private static LandscapeDots DotsOf(Landscape landscape)
    {
        var (map, people) = (landscape.Map, landscape.People);
        return new LandscapeDots(
            [.. people.Index().Select(person => new LandscapeDot(map.PlaceOf(person.Index).X, map.PlaceOf(person.Index).Y, map.GroupOf[person.Index] < 0 ? -1 : landscape.HasGroups ? map.GroupOf[person.Index] : 0, (double)map.FoundAgain[person.Index] / Statistics.Opinion.Stable.StableMap.Samples))
                .OrderBy(dot => dot.Group).ThenBy(dot => dot.X).ThenBy(dot => dot.Y)],
            landscape.HasGroups ? [.. map.Groups.Select(group => (group.Size, group.Stability))] : [],
            [.. map.Tried.Select(tried => (tried.K, tried.Least))], map.Explained.Sum(), map.Hash);
    }
}

/// <summary>What the organiser's page of the landscape shows.</summary>
/// <param name="Released">What the public gets when results are published; null before closing.</param>
/// <param name="Dots">Everybody's place; null before closing.</param>
public sealed record LandscapeModel(DialogueScope Scope, PublishedLandscape? Released, LandscapeDots? Dots);

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
