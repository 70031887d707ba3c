using System.CommandLine;
using Polyphony.Cli.Frame;

namespace Polyphony.Cli.Draw;

/// <summary>The options that name pool, quotas and size, alike in every verb that takes them.</summary>
internal sealed record DrawOptions(Option<string> Pool, Option<string> Quotas, Option<int?> Size, Option<string> Household, Option<string> Id)
{
    public static readonly FileHelp PoolFile = new(
        "--pool", "the people, CSV or XLSX, one a row.",
        new("(--id)", "what people are called in every file written; without --id the column id, else the number of the data row, the header not counted"),
        new("ticket", "optional: 32 hexadecimal digits, the person's name in the public files where it was given out before; without the column it follows from the id"),
        new("nonce", "optional: 64 hexadecimal digits, what hides the commitment to the person; draw verify --deep proves with it that nobody's values were changed"),
        new("(each feature)", "the person's value of that criterion, as in the quotas; case and outer spaces do not matter"),
        new("(--household)", "address columns, compared as one; all blank: a household of one's own"));

    public static readonly FileHelp QuotaFile = new(
        "--quotas", "one value of a criterion a row, CSV or XLSX; also category,name or category,feature instead of feature,value.",
        new("feature", "the criterion, or two joined by * for a joint quota: age*gender"),
        new("value", "the value, or for a joint quota two joined by *: 16-29*woman; combinations without a row are free"),
        new("min", "people with it on the panel, at least"),
        new("max", "at most"),
        new("min_flex", "how low the minimum may be taken when quotas cannot be met (with max_flex, or neither)"),
        new("max_flex", "how high the maximum may be taken"));

    public static DrawOptions AddTo(Command command, bool required = true)
    {
        DrawOptions options = new(
            VerbOptions.Text("--pool", "P.csv", "People who are willing and eligible.", required),
            VerbOptions.Text("--quotas", "Q.csv", "How many people with each value, at least and at most.", required),
            VerbOptions.Whole("--size", "K", "People on the panel.", 1, 100_000, required),
            VerbOptions.Text("--household", "c1,c2", "Columns that make a household; at most one of it is drawn."),
            VerbOptions.Text("--id", "COL", "Column of the id."));
        command.Options.Add(options.Pool);
        command.Options.Add(options.Quotas);
        command.Options.Add(options.Size);
        command.Options.Add(options.Household);
        command.Options.Add(options.Id);
        return options;
    }
}
