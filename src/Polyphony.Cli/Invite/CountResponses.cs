using System.CommandLine;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary><c>polyphony invite responses</c>: which letters were answered, by batch and stratum, in the form in which the next batch reads it.</summary>
internal static class CountResponses
{
    public const string CountsName = "responses.csv";
    public const string RatesName = "rates.csv";
    public const string InvitedName = "invited.csv";

    public static Command Make()
    {
        Option<string[]> invited = new("--invited") { Description = "Directories of the batches so far, each with its letters.csv.", HelpName = "DIR…", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<string> responses = VerbOptions.Text("--responses", "R.csv", "The codes that were answered.", required: true);
        Option<string> strata = VerbOptions.Text("--strata", "a,b", "Columns of the register by which answers are counted (default: the strata of the first batch, from its manifest.json).");
        Option<string> to = VerbOptions.Text("--out", "DIR", "Where to write.", required: true);
        VerbCommand verb = new(
            "responses", "Counts the answers to the letters by batch and stratum, for the next batch's oversampling.",
            (parsed, shell, cancellationToken) => Run(parsed.GetValue(invited)!, parsed.GetValue(responses)!, parsed.GetValue(strata), parsed.GetValue(to)!, shell, cancellationToken))
        {
            Reads =
            [
                new("--invited", "directories that invite wrote, with letters.csv and, without --strata, manifest.json."),
                new("--responses", "the answers, one a row, CSV.", new ColumnHelp("code", "the code of the letter; a file with one column needs no header; a code that comes again counts once")),
            ],
            Writes =
            [
                new(
                    CountsName, "answers by batch and stratum; give it to the next batch as --responses.", new("batch", "name of its directory"), new("(--strata)", "the stratum's values"), new("invited", "letters sent"),
                    new("responded", "letters answered"), new("rate", "responded of invited")),
                new(
                    RatesName, "the same by stratum over all batches, and what the next batch makes of it.", new("(--strata)", "the stratum's values"), new("invited", "letters sent"), new("responded", "letters answered"), new("rate", "responded of invited"),
                    new("expected", FormattableString.Invariant($"the rate mixed with {ResponseFactor.Prior} letters of the overall rate, so that few letters do not say too much")),
                    new("factor", "letters relative to rows in the next batch, 1.000 = even: overall rate over expected rate, from 0.250 to 4.000")),
                new(InvitedName, "everybody who had a letter; give it to the next batch as --exclude, and they and their households get none.", new ColumnHelp("id", "the id as in the register")),
            ],
            Examples =
            [
                "polyphony invite responses --invited batch-1 --responses answered.csv --out answers",
                "polyphony invite responses --invited batch-1 batch-2 --responses answered.csv --strata age,gender --out answers --json",
            ],
        };
        foreach (Option option in (Option[])[invited, responses, strata, to])
        {
            verb.Options.Add(option);
        }

        return verb;
    }

    private static int Run(string[] invited, string responses, string? strata, string target, Shell shell, CancellationToken cancellationToken)
    {
        RowProblems problems = new();
        string[] directories = [.. invited.SelectMany(VerbOptions.Columns)];
        IReadOnlyList<string> criteria = strata is null ? SentBatch.Criteria(directories.Length == 0 ? "" : directories[0], problems) : VerbOptions.Columns(strata);
        List<SentBatch> batches = [];
        Dictionary<string, (int Batch, int Letter)> sent = new(StringComparer.Ordinal);
        if (problems.Count == 0)
        {
            foreach (string directory in directories)
            {
                if (SentBatch.Read(directory, Name(directory, directories), criteria, problems, cancellationToken) is { } batch)
                {
                    foreach ((int i, SentLetter letter) in batch.Letters.Index())
                    {
                        if (!sent.TryAdd(letter.Code, (batches.Count, i)))
                        {
                            problems.Add(new SheetProblem("code-twice", batch.File, letter.Row, "code"));
                        }
                    }

                    batches.Add(batch);
                }
            }
        }

        (HashSet<string> answered, int repeated) = Answers(responses, sent, problems, cancellationToken);
        problems.AddRange(OutputFolder.Standing(target, CountsName, RatesName, InvitedName).Select(name => new SheetProblem("stands-already", "", Column: "--out", Value: name, Expected: "Name another directory.")));
        if (problems.Count > 0)
        {
            return shell.Refuse(problems.Listed, problems.Count);
        }

        ResponsesAnswer answer = ResponseCounts.Of(criteria, batches, answered, repeated);
        using (OutputFolder folder = OutputFolder.Begin(target))
        {
            folder.Write(CountsName, CsvWriter.Write(ResponseCounts.ByBatch(criteria, batches, answered)));
            folder.Write(RatesName, CsvWriter.Write(ResponseCounts.Rates(criteria, answer)));
            folder.Write(InvitedName, CsvWriter.Write([["id"], .. batches.SelectMany(batch => batch.Letters).Select(letter => letter.Id).Distinct(StringComparer.Ordinal).Select(id => (string[])[id])]));
            folder.Finish(cancellationToken);
        }

        return shell.Answer(ExitCode.Done, answer, InviteJson.Default.ResponsesAnswer, Sentences(answer));
    }

    /// <summary>A batch is called as its directory, unless another is called so too.</summary>
    private static string Name(string directory, string[] all)
    {
        string name = Last(directory);
        return all.Count(other => Last(other) == name) == 1 ? name : directory;

        static string Last(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }

    private static (HashSet<string> Answered, int Repeated) Answers(string path, Dictionary<string, (int Batch, int Letter)> sent, RowProblems problems, CancellationToken cancellationToken)
    {
        HashSet<string> answered = new(StringComparer.Ordinal);
        int repeated = 0;
        List<SheetProblem> opening = [];
        using LargeCsv? csv = LargeCsv.Open(path, opening, cancellationToken);
        problems.AddRange(opening);
        if (csv is null)
        {
            return (answered, 0);
        }

        int column = csv.Find("code");
        if (column < 0 && csv.Headers.Count == 1)
        {
            column = 0;
            Take(csv.Headers[0], 1);
        }

        if (column < 0)
        {
            problems.Add(new SheetProblem("column-missing", csv.File, 1, "code", Expected: string.Join(", ", csv.Headers.Take(30))));
            return (answered, 0);
        }

        csv.Scan((in CsvCells row) => Take(row.Text(column), row.Row), problems.Add, cancellationToken);
        return (answered, repeated);

        void Take(string code, int row)
        {
            if (!sent.ContainsKey(code))
            {
                // A batch that could not be read knows no codes; that was said already. The code is a secret: it is not repeated.
                if (sent.Count > 0)
                {
                    problems.Add(new SheetProblem(code.Length == 0 ? "empty" : "code-unknown", csv.File, row, "code"));
                }
            }
            else if (!answered.Add(code))
            {
                repeated++;
            }
        }
    }

    private static IEnumerable<string> Sentences(ResponsesAnswer answer)
    {
        yield return FormattableString.Invariant($"{answer.Responded} of {answer.Invited} letters were answered, {answer.Rate:0.0000}.");
        foreach (BatchResponse batch in answer.Batches)
        {
            yield return FormattableString.Invariant($"  {batch.Batch}: {batch.Responded} of {batch.Invited}, {batch.Rate:0.0000}");
        }

        if (answer.Responded == 0)
        {
            yield return "Nobody has answered, so every stratum has the factor 1.000.";
        }

        foreach (StratumResponse stratum in answer.Strata)
        {
            yield return FormattableString.Invariant($"  {string.Join(" · ", stratum.Values)}: {stratum.Responded} of {stratum.Invited}, expected {stratum.Expected:0.0000}, factor {stratum.Factor:0.000}");
        }

        if (answer.Repeated > 0)
        {
            yield return FormattableString.Invariant($"{answer.Repeated} answers repeat a code and count once.");
        }

        yield return $"For the next batch: polyphony invite … --responses {CountsName} --exclude {InvitedName}";
    }
}
