using System.CommandLine;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>The options of <c>polyphony invite letters</c>.</summary>
internal sealed class LetterOptions
{
    public static readonly FileHelp TemplateFile = new(
        "--template", "the text in one language, UTF-8, named by it: letter.fr.txt. Blank lines part paragraphs, “# ” begins a heading, “> ” sets off.",
        new("{qr}", "alone on its line: the square with the link beside it; every text needs this or {link}"),
        new("{link}, {code}", "the link as text, the code alone"),
        new("{letter}, {name}", "number of the letter, name of the person"),
        new("{sender}, {question}", "what --sender and --question say in its language"),
        new("{contact}, {by}", "what --contact and --by say, likewise"),
        new("{(column)}", "any column of the register"),
        new("{{", "a brace"));

    public Option<string> Name { get; } = VerbOptions.Text("--name", "c1,c2", "Columns of the register that make the name (default: name, where there is such a column).");

    public Option<string> Address { get; } = new("--address") { Description = "Columns of the register that make the address, a line each; + joins columns on one line.", HelpName = "c1,c2+c3", DefaultValueFactory = _ => "address" };

    public Option<string> Language { get; } = VerbOptions.Text("--language", "COL", "Column of the register with the language that somebody reads (default: language, where there is such a column).");

    public Option<string> Template { get; } = VerbOptions.Text("--template", "T.fr.txt,…", "Texts of your own; the first one is for everybody whose language has none (default: English and French texts that come with the tool).");

    public Option<string[]> Sender { get; } = VerbOptions.Texts("--sender", "TEXT|fr=TEXT", "Who invites: once for all languages, or once for each with the language before it, as the letters' texts name it.");

    public Option<string[]> Question { get; } = VerbOptions.Texts("--question", "TEXT|fr=TEXT", "What the dialogue is about; likewise.");

    public Option<string[]> Contact { get; } = VerbOptions.Texts("--contact", "TEXT|fr=TEXT", "Whom to call or write to; likewise.");

    public Option<string> By { get; } = VerbOptions.Text("--by", "2027-03-31", "Last day to answer; written as each language writes it.");

    public Option<string> Link { get; } = VerbOptions.Text("--link", "URL", "What stands before the code in the square, where invite was not told.");

    public Option<string> Window { get; } = VerbOptions.OneOf("--window", "Side of the envelope's window (default: left).", "left", "right");

    public Option<int?> PerFile { get; } = VerbOptions.Whole("--per-file", "N", "Letters in one file (default: 500); browsers print long files slowly.", 1, 10_000);

    public Option<string> Out { get; } = VerbOptions.Text("--out", "DIR", "Where to write.", required: true);

    public IEnumerable<Option> All => [Name, Address, Language, Template, Sender, Question, Contact, By, Link, Window, PerFile, Out];

    public DateOnly? ByDay(ParseResult parsed, List<SheetProblem> problems)
    {
        if (parsed.GetValue(By) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return day;
        }

        problems.Add(new SheetProblem("option-value", "", Column: "--by", Value: SheetProblem.Shorten(text), Expected: "a day such as 2027-03-31"));
        return null;
    }
}

/// <summary>Where a letters.csv has what a letter needs.</summary>
/// <param name="Register">Names of the register's columns.</param>
/// <param name="First">Position of the first of them.</param>
/// <param name="Name">Columns that make the name.</param>
/// <param name="Address">Columns of each line of the address.</param>
/// <param name="Language">Column of the language; −1: none.</param>
internal sealed record LetterColumns(int Letter, int Code, int Link, IReadOnlyList<string> Register, int First, IReadOnlyList<int> Name, IReadOnlyList<IReadOnlyList<int>> Address, int Language)
{
    public static LetterColumns? Find(LargeCsv csv, string? name, string address, string? language, List<SheetProblem> problems)
    {
        int before = problems.Count;
        int letter = Own("letter");
        int code = Own("code");
        int link = Own("link");
        int[] names = name is null ? [.. new[] { Position("name") }.Where(column => column >= 0)] : [.. VerbOptions.Columns(name).Select(Needed)];
        int[][] lines = [.. VerbOptions.Columns(address).Select(line => (int[])[.. line.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Needed)])];
        int reads = language is null ? Position("language") : Needed(language);
        if (lines.Length == 0)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--address", Value: address, Expected: "columns such as street,postcode+town"));
        }

        int first = csv.Headers.TakeWhile(header => !header.StartsWith(SentBatch.RegisterPrefix, StringComparison.Ordinal)).Count();
        return problems.Count > before ? null : new(letter, code, link, [.. csv.Headers.Skip(first).Select(header => header[SentBatch.RegisterPrefix.Length..])], first, names, lines, reads);

        int Position(string column) => csv.Find(SentBatch.RegisterPrefix + column);

        int Own(string header) => Told(csv.Find(header), header);

        int Needed(string column) => Told(Position(column), SentBatch.RegisterPrefix + column);

        int Told(int found, string header)
        {
            if (found < 0)
            {
                problems.Add(new SheetProblem("column-missing", csv.File, 1, header, Expected: string.Join(", ", csv.Headers.Take(30))));
            }

            return found;
        }
    }
}
