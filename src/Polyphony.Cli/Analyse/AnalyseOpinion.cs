using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Polyphony.Cli.Frame;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Polis;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Cli.Analyse;

/// <summary><c>polyphony analyse opinion</c>: groups of people who vote alike, what sets them apart and what all of them say.</summary>
internal static class AnalyseOpinion
{
    private static readonly FileHelp VotesHelp = new(
        "--votes", "Polis' votes.csv, one vote a row, in any order; of several votes of a person on a statement the last by timestamp, then row, counts. Or Polis' participants-votes.csv.",
        new("timestamp", "when, a whole number, such as milliseconds since 1970"),
        new("comment-id", "the statement"),
        new("voter-id", "the person"),
        new("vote", "1 agree, 0 pass, -1 disagree"),
        new("participant", "in participants-votes.csv: the person; the other columns are the statements' ids, each cell as vote or empty"));

    private static readonly FileHelp StatementsHelp = new(
        "--statements", "Polis' comments.csv, one statement a row.",
        new("comment-id", "the statement"),
        new("moderated", "1 accepted, 0 not looked at, -1 rejected: its votes shape no map and it stands in no list"),
        new("is-meta", "optional, true or false: a statement about who people are, treated like a rejected one"),
        new("is-seed", "optional, true or false: written by the organiser"));

    public static Command Verb()
    {
        Option<string> votes = VerbOptions.Text("--votes", "V.csv", "The votes.", required: true);
        Option<string> statements = VerbOptions.Text("--statements", "C.csv", "The statements.", required: true);
        Option<string> mode = VerbOptions.OneOf("--mode", "stable, which is used without it: the same map in whatever order votes came, and only groups that are stable; polis: the map that Polis would draw.", "stable", "polis");
        Option<bool> unmoderated = new("--unmoderated") { Description = "Count rejected and meta statements like all others." };
        Option<string> folder = VerbOptions.Text("--out", "DIR", "Where landscape.json is written.", required: true);
        return new VerbCommand("opinion", "Who votes alike, what sets groups apart, and what do all of them say?", (parsed, shell, cancellationToken) => Run(
            parsed.GetValue(votes)!, parsed.GetValue(statements)!, string.Equals(parsed.GetValue(mode), "polis", StringComparison.OrdinalIgnoreCase), parsed.GetValue(unmoderated), parsed.GetValue(folder)!, shell, cancellationToken))
        {
            Options = { votes, statements, mode, unmoderated, folder },
            Examples =
            [
                "polyphony analyse opinion --votes votes.csv --statements comments.csv --out map",
                "polyphony analyse opinion --votes votes.csv --statements comments.csv --mode polis --unmoderated --out map --json",
            ],
            Reads = [VotesHelp, StatementsHelp],
            Writes = [LandscapeFile.Help],
        };
    }

    private static int Run(string votesPath, string statementsPath, bool isPolis, bool unmoderated, string target, Shell shell, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        ProblemCount problems = new();
        if (OpinionFiles.Read(votesPath, statementsPath, unmoderated, problems, cancellationToken) is not { } files)
        {
            return shell.Refuse(problems.Listed, problems.All);
        }

        ReadOnlySpan<CastVote> cast = CollectionsMarshal.AsSpan(files.Votes);
        VoteTable table = VoteTable.Of(files.Voters.Count, files.Statements.Count, cast);
        int threads = Environment.ProcessorCount;
        LandscapeFile made = isPolis
            ? LandscapeFile.Of(files, table, PolisMap.Of(table, files.Statements, ArrivalOrder.Of(table.People, table.Statements, cast), threads), Stopwatch.GetElapsedTime(started).TotalSeconds)
            : LandscapeFile.Of(files, table, StableMap.Of(table, CoVotes.Of(table, threads), files.Statements, threads), Stopwatch.GetElapsedTime(started).TotalSeconds);
        using (OutputFolder folder = OutputFolder.Begin(target))
        {
            folder.Write(LandscapeFile.Name, JsonSerializer.SerializeToUtf8Bytes(made, LandscapeJson.Default.LandscapeFile));
            folder.Finish(cancellationToken);
        }

        return shell.Answer(ExitCode.Done, made, LandscapeJson.Default.LandscapeFile, Sentences(made));
    }

    private static IEnumerable<string> Sentences(LandscapeFile made)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{made.Participants} people, {made.Statements} statements, {made.Votes} votes.");
        yield return made.K == 1 && made.Mode == "stable" ? "No groups: no division of these people is found again when a fifth of the statements is left out." : string.Create(CultureInfo.InvariantCulture, $"{made.K} groups:");
        foreach ((int g, OpinionGroupAnswer group) in made.Groups.Index().Where(_ => made.K > 1))
        {
            string stability = group.Stability is { } found ? string.Create(CultureInfo.InvariantCulture, $", stability {found:F2}") : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"  {g}: {group.Size} people{stability}; {string.Join(", ", group.Representative.Select(one => $"{one.Id} {one.Direction}"))}");
        }

        yield return $"Common ground: agree {List(made.Consensus.Agree)}; disagree {List(made.Consensus.Disagree)}.";
        yield return $"Hash {made.Hash}";
    }

    private static string List(IReadOnlyList<string> ids) => ids.Count == 0 ? "with none" : string.Join(", ", ids);
}
