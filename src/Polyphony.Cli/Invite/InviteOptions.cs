using System.CommandLine;
using Polyphony.Cli.Frame;

namespace Polyphony.Cli.Invite;

/// <summary>The options of <c>polyphony invite</c>, and its files.</summary>
internal sealed class InviteOptions
{
    public static readonly FileHelp RegisterFile = new(
        "--register", "one person or address a row, CSV (UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab), up to 20 million rows.",
        new("(--id)", "identifies the row; without --id the column id, else the number of the data row, the header not counted"),
        new("(--strata)", "criteria such as age band and gender; case and outer spaces do not matter"),
        new("(--household)", "address columns or a household number, compared as one; all blank: a household of one's own"),
        new("(--place)", "municipality, as in --places"));

    public static readonly FileHelp OversampleFile = new(
        "--oversample", "how well strata are expected to answer, CSV or XLSX.",
        new("(--strata)", "one, some or all of the strata columns"),
        new("response", "expected response rate, 0.05 or 5 %: each stratum gets letters in proportion to its rows over its rate"),
        new("factor", "instead of response: letters relative to the stratum's rows, 1 = neither more nor fewer; strata without a row have 1"));

    public static readonly FileHelp ResponsesFile = new(
        "--responses", "what earlier batches brought; rows of the same stratum are added. What invite responses writes, or a batch's strata.csv with one more column.",
        new("(--strata)", "one, some or all of the strata columns"),
        new("invited", "letters sent"),
        new("responded", "people who answered"));

    public static readonly FileHelp ExcludeFile = new(
        "--exclude", "rows that had a letter before, such as a letters.csv or the invited.csv of invite responses; their households are out too. Several files: comma-separated.",
        new ColumnHelp("(--id)", "the id as in the register; without --id the column id; a file with one column needs no header"));

    public static readonly FileHelp PlacesFile = new(
        "--places", "places to draw before people, CSV or XLSX.",
        new("place", "its name, unique"),
        new("population", "its people: a place's chance is in proportion to them"),
        new("(--place-strata)", "such as state and size class"),
        new("letters", "instead of population and without --place-count: the letters of places that were drawn before, such as a places.csv"));

    public static readonly FileHelp LettersFile = new(
        "letters.csv", "the mail merge, one letter a row in the order drawn; secret, because of the codes.",
        new("letter", "1, 2, 3 …"),
        new("id", "the row's id"),
        new("row", "its row in the register file's data, the header not counted"),
        new("ticket", "what the published record calls the row"),
        new("code", "128 random bits as 22 characters, never to be published"),
        new("link", "text of the QR code: --link with the code"),
        new("register: (column)", "every column of the register"));

    public static readonly FileHelp StrataFile = new(
        "strata.csv", "one stratum a row.",
        new("place", "with --places"),
        new("(--strata)", "its values"),
        new("rows", "rows of the register"),
        new("free", "of these without an earlier letter"),
        new("factor", "letters relative to rows, 1.000 = even"),
        new("planned", "letters it should get"),
        new("invited", "letters it gets; fewer than planned where households ran out"));

    public static readonly FileHelp DrawnPlacesFile = new(
        "places.csv", "with --places, one drawn place a row.",
        new("place", "its name"),
        new("letters", "its letters"),
        new("times", "how often it was drawn (lottery)"),
        new("certain", "yes when it had to be drawn, being so large"));

    public static readonly FileHelp ManifestFile = new("manifest.json", "everything that decides, before the randomness; publish it first. docs/draw-specification.md, “Invitations”.");

    public static readonly FileHelp RecordFile = new("record.json", "manifest, randomness and result; no personal data.");

    public Option<string> Register { get; } = VerbOptions.Text("--register", "R.csv", "The register to draw from; may be left out when only places are drawn.");

    public Option<string> Strata { get; } = VerbOptions.Text("--strata", "a,b", "Columns that make the strata.");

    public Option<string> Household { get; } = VerbOptions.Text("--household", "c1,c2", "Columns that make a household: at most one letter each.");

    public Option<string> Id { get; } = VerbOptions.Text("--id", "COL", "Column of the id.");

    public Option<int?> Count { get; } = VerbOptions.Whole("--count", "N", "Letters to send.", 1, 10_000_000, required: true);

    public Option<string> Randomness { get; } = VerbOptions.Text("--randomness", "TEXT", RandomnessText.Help, required: true);

    public Option<bool> Freeze { get; } = new("--freeze") { Description = "Write manifest.json only, to be published before the randomness is known; --randomness then names it: " + RandomnessText.NamedForms + "." };

    public Option<string> Manifest { get; } = VerbOptions.Text("--manifest", "M.json", "The manifest that was frozen: refused unless register and options still give it, byte for byte.");

    public Option<string> Oversample { get; } = VerbOptions.Text("--oversample", "F.csv", "More letters where fewer answer: expected response rates or factors.");

    public Option<string> Responses { get; } = VerbOptions.Text("--responses", "F.csv", "More letters where fewer answered: what earlier batches brought.");

    public Option<string> Exclude { get; } = VerbOptions.Text("--exclude", "F.csv", "Ids of earlier batches.");

    public Option<string> Places { get; } = VerbOptions.Text("--places", "M.csv", "Draw places first, then people in them.");

    public Option<int?> PlaceCount { get; } = VerbOptions.Whole("--place-count", "N", "Places to draw.", 1, 1_000_000);

    public Option<string> PlaceStrata { get; } = VerbOptions.Text("--place-strata", "a,b", "Columns of the places' file, such as state and size class.");

    public Option<string> PlaceBy { get; } = VerbOptions.OneOf("--place-by", "pps: distinct places, chance in proportion to population (default). lottery: independent draws, a place may come again.", "pps", "lottery");

    public Option<string> Place { get; } = VerbOptions.Text("--place", "COL", "The register's column of the place (default: place).");

    public Option<string> Link { get; } = VerbOptions.Text("--link", "URL", "What stands before the code in the QR code, such as https://dialogue.example.org/join/.");

    public Option<string> Salt { get; } = VerbOptions.Text("--salt", "HEX", "64 hexadecimal digits that you keep secret: then nobody can compute tickets from ids.");

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Replace an earlier batch in --out; its codes are lost." };

    public Option<string> Out { get; } = VerbOptions.Text("--out", "DIR", "Where to write.", required: true);

    public IEnumerable<Option> All => [Register, Strata, Household, Id, Count, Randomness, Freeze, Manifest, Oversample, Responses, Exclude, Places, PlaceCount, PlaceStrata, PlaceBy, Place, Link, Salt, Overwrite, Out];
}
