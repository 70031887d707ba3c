using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Polis;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Cli.Analyse;

/// <summary>A statement on which a group differs from the others.</summary>
internal sealed record RepresentativeAnswer(string Id, string Direction, double Metric);

/// <summary>A group of the map.</summary>
internal sealed record OpinionGroupAnswer(int Size, IReadOnlyList<string> Members, double? Stability, IReadOnlyList<RepresentativeAnswer> Representative);

/// <summary>What all groups say.</summary>
internal sealed record OpinionConsensusAnswer(IReadOnlyList<string> Agree, IReadOnlyList<string> Disagree);

/// <summary><c>landscape.json</c>.</summary>
internal sealed record LandscapeFile(
    string Mode, int Participants, int Statements, long Votes, int K, IReadOnlyList<OpinionGroupAnswer> Groups, OpinionConsensusAnswer Consensus, string Hash, double Seconds)
{
    public const string Name = "landscape.json";

    public static readonly FileHelp Help = new(
        Name, "the map of opinions. It names people: for the organiser and the auditor, not for publication.",
        new("mode", "stable or polis"),
        new("participants", "people who voted"),
        new("statements", "statements that were voted on"),
        new("votes", "votes that stand, one a person and statement"),
        new("k", "the number of groups; in stable mode 1 says that there are none: everybody stands in one"),
        new("groups", "a list of groups with"),
        new("size", "people in it; who voted on fewer than 7 statements is in none"),
        new("members", "their ids"),
        new("stability", "0 to 1: how far the group is found again when a fifth of the statements is left out, ten times; at least 0.8, or it would not be listed. null in polis mode, where nobody asks"),
        new("representative", "statements on which it differs from the others: id, direction (agree or disagree), metric"),
        new("consensus", "agree, disagree: ids of statements on which all groups (stable) or a majority of everybody (polis) say the same, the clearest first"),
        new("hash", "SHA-256 of the result. In stable mode the same votes give the same hash in any order, under any names and on any machine"),
        new("seconds", "how long it took"));

    public static LandscapeFile Of(OpinionFiles files, VoteTable table, StableMap map, double seconds) => new(
        "stable", map.Participants, Voted(table), table.Votes, map.K,
        [.. map.Groups.Select((group, g) => new OpinionGroupAnswer(
            group.Size, Members(files, Enumerable.Range(0, table.People).Where(person => map.GroupOf[person] == g)), group.Stability, Directions(files, group.Representative)))],
        Lists(files, map.Consensus), map.Hash, seconds);

    public static LandscapeFile Of(OpinionFiles files, VoteTable table, PolisMap map, double seconds)
    {
        LandscapeFile made = new(
            "polis", map.People.Count, map.Statements.Count, table.Votes, map.Groups.Length,
            [.. map.Groups.Select(group => new OpinionGroupAnswer(group.Members.Count, Members(files, group.Members), null, Directions(files, map.Representative[group.Id])))],
            Lists(files, map.Consensus), "", 0);
        string hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(made, LandscapeJson.Default.LandscapeFile)));
        return made with { Hash = hash, Seconds = seconds };
    }

    private static int Voted(VoteTable table)
    {
        bool[] voted = new bool[table.Statements];
        for (int person = 0; person < table.People; person++)
        {
            table.Mark(person, voted);
        }

        return voted.Count(one => one);
    }

    /// <summary>Short ids first, so that numbers stand in their order.</summary>
    private static string[] Members(OpinionFiles files, IEnumerable<int> people) => [.. people.Select(person => files.Voters[person]).OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal)];

    private static RepresentativeAnswer[] Directions(OpinionFiles files, IReadOnlyList<RepresentativeStatement> statements) =>
        [.. statements.Select(one => new RepresentativeAnswer(files.Ids[one.Statement], one.Side == Side.Agree ? "agree" : "disagree", one.Metric))];

    private static OpinionConsensusAnswer Lists(OpinionFiles files, Consensus consensus) =>
        new([.. consensus.Agree.Select(one => files.Ids[one.Statement])], [.. consensus.Disagree.Select(one => files.Ids[one.Statement])]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never, WriteIndented = false)]
[JsonSerializable(typeof(LandscapeFile))]
internal sealed partial class LandscapeJson : JsonSerializerContext;
