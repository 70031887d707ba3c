using System.CommandLine;
using Polyphony.Cli.Frame;

namespace Polyphony.Cli.Draw;

/// <summary>The options of <c>draw replace</c>.</summary>
internal sealed record ReplaceOptions(
    Option<string> Record, Option<string> Pool, Option<string> Quotas, Option<string> Status, Option<string> By, Option<string> Randomness, Option<int?> Alternates, Option<string> Dropout,
    Option<int?> Panels, Option<string> Seed, Option<int?> Limit, Option<string> To)
{
    public static ReplaceOptions AddTo(Command command)
    {
        ReplaceOptions options = new(
            VerbOptions.Text("--record", "DIR", "What draw pick or draw replace wrote, or the files that an organiser takes from a server: the draw before. It says size, household columns and id.", required: true),
            VerbOptions.Text("--pool", "P.csv", "The pool that was drawn from.", required: true),
            VerbOptions.Text("--quotas", "Q.csv", "The quotas of the whole panel; what is left of them is computed.", required: true),
            VerbOptions.Text("--status", "status.csv", "Who stays and who is out.", required: true),
            VerbOptions.OneOf("--by", "lottery (the default): a new lottery of numbered panels; order: down the order that the randomness gives to the pool.", "lottery", "order"),
            VerbOptions.Text(
                "--randomness", "TEXT",
                "Public randomness later than that of every draw before: " + RandomnessText.Forms + ". For 1,000 panels three dice do. Without it the lottery is computed and written, to be published and then drawn by draw pick."),
            VerbOptions.Whole("--alternates", "N", "Also choose so many people to call when others drop out of the new panel, so that the quotas suffer least.", 1, 1_000),
            VerbOptions.Text("--dropout", "RATE|COL|F", "For --alternates: " + DropoutRates.Forms + "; 0.1 for everybody unless said otherwise."),
            VerbOptions.Whole("--panels", "M", "Numbered panels, 1,000 unless said otherwise.", 10, 100_000),
            VerbOptions.Text("--seed", "HEX", "Settles who of equal people sits on which numbered panel and who of them is an alternate; the same seed gives the same files."),
            VerbOptions.Whole("--time-limit", "S", "Seconds after which the best lottery so far is taken, with its proven gap, and the alternates found so far; an order that is not decided by then draws nobody.", 1, 1_000_000),
            VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true));
        foreach (Option option in (Option[])[options.Record, options.Pool, options.Quotas, options.Status, options.By, options.Randomness, options.Alternates, options.Dropout, options.Panels, options.Seed, options.Limit, options.To])
        {
            command.Options.Add(option);
        }

        return options;
    }
}
