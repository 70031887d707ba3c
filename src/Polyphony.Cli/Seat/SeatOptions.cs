using System.CommandLine;
using Polyphony.Cli.Frame;

namespace Polyphony.Cli.Seat;

/// <summary>What <c>polyphony seat</c> can be told.</summary>
internal sealed class SeatOptions
{
    public static readonly FileHelp PeopleFile = new(
        "--people", "everybody who needs a seat, CSV or XLSX, one a row; the files of people that GroupSelect takes and its library writes are read as they are, its projects (.gspr) are not. The order of rows and columns decides nothing.",
        new("(--id)", "what people are called in every file written; without --id the column id, else the number of the data row, the header not counted"),
        new("(--mix, --cluster, --keep, --nobody-alone)", "the person's value of each criterion named; case and outer spaces do not matter, blank is not known"),
        new("(--languages)", "languages understood, separated by spaces, semicolons or |; blank: no condition"),
        new("(--access)", "yes for people who need an accessible table"),
        new("fixed, allocation", "both of GroupSelect: where fixed is true, the person stays at table allocation + 1"));

    public static readonly FileHelp GroupFile = new(
        "--together, --apart", "people of one group share a table in every round, or never do.",
        new("group", "any name; with id, one person a row"),
        new("id", "a person"),
        new("(no column group)", "each row names people in as many columns as needed; a file without headers will do"));

    public static readonly FileHelp FixedFile = new(
        "--fixed", "seats decided by hand.", new("id", "a person"), new("table", "number from 1"), new("round", "number from 1; blank or no column: every round"));

    public static readonly FileHelp HostFile = new("--hosts", "people who stay at a table of their own in every round.", new ColumnHelp("id", "a person; a file with one column needs no header"));

    public static readonly FileHelp BoundsFile = new(
        "--bounds", "how many bearers of a value each table has, in place of floor and ceiling of its share.",
        new("criterion", "a column of the people"), new("value", "one of its values"), new("min", "at least, blank: 0"), new("max", "at most, blank: any number"));

    public static readonly FileHelp LayoutFile = new(
        "--layout", "the tables, in place of --tables; people are spread in proportion to seats.",
        new("table", "number from 1"),
        new("round", "number from 1; blank or no column: every round"),
        new("seats", "people it can hold"),
        new("accessible", "yes or no; no column: yes"),
        new("facilitator", "name of who runs it"),
        new("languages", "what the facilitator speaks, as in --languages"),
        new("group", "number from 1 of the large group that the table is a part of; then large groups are formed first, the same for all rounds"));

    public Option<string> People { get; } = VerbOptions.Text("--people", "P.csv", "Everybody who needs a seat.", required: true);

    public Option<string> Tables { get; } = VerbOptions.Text("--tables", "T", "Number of tables, or one number for each round: 10 or 10,10,8.");

    public Option<int?> Rounds { get; } = VerbOptions.Whole("--rounds", "R", "Number of rounds.", 1, 200, required: true);

    public Option<string> Layout { get; } = VerbOptions.Text("--layout", "F", "The tables one by one: seats, access, facilitators, large groups.");

    public Option<string> Id { get; } = VerbOptions.Text("--id", "COL", "Column of the id.");

    public Option<string> Mix { get; } = VerbOptions.Text("--mix", "a,b", "Criteria of which every table has its share, between floor and ceiling.");

    public Option<string> Cluster { get; } = VerbOptions.Text("--cluster", "c,d", "Criteria whose values, but for the most common one, sit at as few tables as possible.");

    public Option<string> Keep { get; } = VerbOptions.Text("--keep", "e", "Criteria whose bearers of one value stay at one table.");

    public Option<string> NobodyAlone { get; } = VerbOptions.Text("--nobody-alone", "a", "Criteria of which nobody is the only bearer of a value at a table: none, or two and more.");

    public Option<string> Bounds { get; } = VerbOptions.Text("--bounds", "F", "Least and greatest numbers for values.");

    public Option<string> Together { get; } = VerbOptions.Text("--together", "F", "Groups that share a table in every round.");

    public Option<string> Apart { get; } = VerbOptions.Text("--apart", "F", "Groups of whom no two share a table.");

    public Option<string> Fixed { get; } = VerbOptions.Text("--fixed", "F", "Seats decided by hand.");

    public Option<string> Hosts { get; } = VerbOptions.Text("--hosts", "F", "People who stay while the others go round.");

    public Option<string> Languages { get; } = VerbOptions.Text("--languages", "COL", "Column of the languages that people understand.");

    public Option<int?> MostLanguages { get; } = VerbOptions.Whole("--most-languages", "L", "Languages at a table at most, 2 unless said otherwise; everybody understands one of them.", 1, 8);

    public Option<int?> Interpreters { get; } = VerbOptions.Whole("--interpreters", "N", "Interpreters in each round; a table with k languages takes k − 1.", 0, 100_000);

    public Option<string> Access { get; } = VerbOptions.Text("--access", "COL", "Column that says yes for people who need an accessible table.");

    public Option<string> Value { get; } = VerbOptions.OneOf("--value", "What meetings of a pair are worth: distinct (the default, only the first counts), geometric, harmonic.", "distinct", "geometric", "harmonic");

    public Option<string> Seed { get; } = VerbOptions.Text("--seed", "HEX", "The same seed gives the same plan.");

    public Option<int?> Effort { get; } = VerbOptions.Whole("--effort", "E", "How many times the usual work, 1 unless said otherwise.", 1, 1000);

    public Option<int?> Seconds { get; } = VerbOptions.Whole("--seconds", "S", "Limit after which the best plan so far is taken and marked; without it the work alone decides.", 1, 100_000);

    public Option<string> Out { get; } = VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true);

    public IEnumerable<Option> All =>
        [People, Tables, Rounds, Layout, Id, Mix, Cluster, Keep, NobodyAlone, Bounds, Together, Apart, Fixed, Hosts, Languages, MostLanguages, Interpreters, Access, Value, Seed, Effort, Seconds, Out];
}
