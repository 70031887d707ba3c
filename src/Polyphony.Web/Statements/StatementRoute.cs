using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Routing;
using Polyphony.Storage;
using Polyphony.Storage.Statements;
using Views = Polyphony.Statistics.Routing.StatementViews;

namespace Polyphony.Web.Statements;

/// <summary>How many people of each site came to each statement, and what follows: what somebody is shown next, and what may be compared.</summary>
/// <param name="Statements">Those that are shown, by number.</param>
/// <param name="Counts">For each of them, by site.</param>
/// <param name="Took">People who voted on anything, by site.</param>
public sealed record StatementRoute(IReadOnlyList<Statement> Statements, IReadOnlyList<SiteId> Sites, IReadOnlyList<Views> Counts, IReadOnlyList<long> Took)
{
    public static async Task<StatementRoute> ReadAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        List<Statement> statements = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == dialogue && statement.State == StatementState.Accepted).OrderBy(statement => statement.Number).ToListAsync(cancellationToken);
        var views = await db.StatementViews.AsNoTracking().Where(seen => seen.DialogueId == dialogue).ToListAsync(cancellationToken);
        Dictionary<StatementId, int> passes = await db.StatementBallots.Where(ballot => ballot.DialogueId == dialogue && ballot.Choice == StatementChoice.Pass).GroupBy(ballot => ballot.StatementId)
            .Select(group => new { group.Key, Passes = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Passes, cancellationToken);
        Dictionary<SiteId, int> took = await db.Participants.Where(person => db.StatementParticipations.Any(part => part.DialogueId == dialogue && part.ParticipantId == person.Id)).GroupBy(person => person.SiteId)
            .Select(group => new { group.Key, People = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.People, cancellationToken);
        SiteId[] sites = [.. views.Select(seen => seen.SiteId).Union(took.Keys).OrderBy(site => site.Value)];
        Dictionary<(StatementId, SiteId), int> seen = views.ToDictionary(one => (one.StatementId, one.SiteId), one => one.Views);
        return new StatementRoute(
            statements, sites,
            [
                .. statements.Select(statement =>
                {
                    ImmutableArray<long> bySite = [.. sites.Select(site => (long)seen.GetValueOrDefault((statement.Id, site)))];
                    return new Views(Math.Min(passes.GetValueOrDefault(statement.Id), bySite.Sum()), bySite);
                }),
            ],
            [.. sites.Select(site => (long)took.GetValueOrDefault(site))]);
    }

    /// <summary>64 bits of chance that are the same when a page is loaded again, and that nobody foresees without the link.</summary>
    public static ulong ChanceOf(byte[] mark, int turn) => BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(mark, BitConverter.GetBytes(turn)));

    /// <summary>What is meant for somebody of this site who has voted on these.</summary>
    public ImmutableArray<long> Weights(SiteId site, IReadOnlyCollection<StatementId> own)
    {
        int group = Sites.Index().Where(pair => pair.Item == site).Select(pair => pair.Index).DefaultIfEmpty(-1).First();

        // Nobody of this site has come yet: they owe everything alike.
        IReadOnlyList<Views> counts = group >= 0 ? Counts : [.. Counts.Select(views => views with { ViewsByGroup = views.ViewsByGroup.Add(0) })];
        HashSet<StatementId> seen = [.. own];
        return StatementRouting.Weights(counts, group >= 0 ? group : Sites.Count, Statements.Index().Where(pair => seen.Contains(pair.Item.Id)).Select(pair => pair.Index).ToHashSet());
    }

    /// <summary>The next statement for somebody; null when they have voted on all.</summary>
    public Statement? Next(SiteId site, IReadOnlyCollection<StatementId> own, ulong chance) => StatementRouting.Choose(Weights(site, own), chance) is { } index ? Statements[index] : null;

    /// <summary>Statements that fewer than twenty people of a site came to, or than half of those who voted where they are fewer than forty. They are not compared with others.</summary>
    public IReadOnlySet<StatementId> Unready() =>
        StatementRouting.Owed(Counts, StatementRouting.LeastViews, Sizes()).Select(owed => Statements[owed.Statement].Id).ToHashSet();

    /// <summary>The votes that a statement has at least if it may be compared.</summary>
    public long LeastVotes() => Sizes().Sum(size => Math.Min(StatementRouting.LeastViews, size));

    private long[] Sizes() => [.. Took.Select(people => (people + 1) / 2)];
}
