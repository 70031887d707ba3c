using System.Text.Json;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Web.Publication;

/// <summary>Results as they are released: written once at publication; page, CSV and JSON all come from this and from nothing else.</summary>
/// <param name="Format">Version of this format.</param>
/// <param name="Dialogue">The dialogue's slug.</param>
/// <param name="Release">1, 2, 3 … with each publication.</param>
/// <param name="People">People who confirmed, as the panel's public composition shows them too.</param>
/// <param name="Landscape">What people said of statements; null while that vote is not closed.</param>
/// <param name="Changes">Questions that were asked before and after; null in results that were published before there were any.</param>
/// <param name="Sites">The sites of a dialogue at many, which are a criterion of its tables by their codes; null of one.</param>
public sealed record PublishedResults(
    int Format, string Dialogue, int Release, DateTimeOffset PublishedAt, LocalizedText Title, LocalizedText Question, int People, IReadOnlyList<PublishedSession> Sessions,
    IReadOnlyList<PublishedRepresentation> Representation, IReadOnlyList<PublishedChange>? Changes = null, PublishedLandscape? Landscape = null, IReadOnlyList<PublishedSite>? Sites = null)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static PublishedResults Of(string json) => JsonSerializer.Deserialize<PublishedResults>(json, Json) ?? throw new JsonException("Results are empty.");

    /// <summary>One line for each number, as spreadsheets and statistics programs want it.</summary>
    public byte[] ToCsv(string fallback)
    {
        string In(LocalizedText text) => text.In(fallback, fallback);
        List<IReadOnlyList<string>> rows = [["session", "question", "criterion", "value", "answer", "kind", "number", "percent", "reason"]];
        foreach (PublishedSession session in Sessions)
        {
            foreach (PublishedQuestion question in session.Questions)
            {
                rows.AddRange(question.Table.Lines().Select(line => (IReadOnlyList<string>)[
                    In(session.Title), In(question.Text), line.Criterion ?? "", line.Value ?? "",
                    line.Answer switch { ResultLine.BallotsAnswer => "ballots", ResultLine.NoAnswer => "no answer", _ => In(question.Options[line.Answer - 1]) },
                    line.Kind, Number(line.Number), Number(line.Percent), line.Reason ?? ""]));
            }
        }

        rows.AddRange((Changes ?? []).SelectMany(change => change.Questions.SelectMany(question => question.Lines(In(change.Title), In))));
        rows.AddRange(Representation.SelectMany(criterion => criterion.Lines()));
        return CsvWriter.Write(rows);
    }

    internal static string Kind(ReleasedCell cell) => cell switch { ReleasedCell.Rounded => "rounded", ReleasedCell.FewerThan => "fewerThan", ReleasedCell.AtLeast => "atLeast", _ => "withheld" };

    internal static int? Shown(ReleasedCell cell) => cell switch { ReleasedCell.Rounded shown => shown.Value, ReleasedCell.FewerThan few => few.Limit, ReleasedCell.AtLeast most => most.Value, _ => null };

    internal static string Number(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A session with its questions, in the order of the agenda.</summary>
public sealed record PublishedSession(LocalizedText Title, IReadOnlyList<PublishedQuestion> Questions);

/// <summary>A site: where it is, and for how many people it was planned.</summary>
public sealed record PublishedSite(string Code, string Name, string Country, int Planned);

/// <summary>A questionnaire that was asked twice.</summary>
/// <param name="Title">The title of the first asking.</param>
/// <param name="Again">The title of the second one.</param>
public sealed record PublishedChange(LocalizedText Title, LocalizedText Again, IReadOnlyList<PublishedFlow> Questions);

/// <summary>A question of it.</summary>
/// <param name="Before">The question's key in the first asking's session.</param>
/// <param name="After">Its key in the second one's.</param>
/// <param name="Flow">Where answers went; null for several answers, where there is no single way.</param>
public sealed record PublishedFlow(LocalizedText Text, IReadOnlyList<LocalizedText> Options, string Before, string After, ReleasedFlow? Flow)
{
    /// <summary>One line for each way from an answer to an answer, in the columns of the results.</summary>
    public IEnumerable<IReadOnlyList<string>> Lines(string session, Func<LocalizedText, string> words)
    {
        string Answer(int answer) => answer < Options.Count ? words(Options[answer]) : "no answer";
        return Flow is null ? [] : Flow.Cells.SelectMany((row, before) => row.Select((cell, after) => (IReadOnlyList<string>)[
            session, words(Text), "answer before", Answer(before), Answer(after),
            PublishedResults.Kind(cell), PublishedResults.Number(PublishedResults.Shown(cell)), "",
            cell is ReleasedCell.Withheld withheld ? withheld.Reason : ""]));
    }
}

/// <summary>A question, its options and its released table.</summary>
public sealed record PublishedQuestion(LocalizedText Text, IReadOnlyList<LocalizedText> Options, ResultTable Table);

/// <summary>How the panel compares with the population by one criterion, where shares were given.</summary>
/// <param name="Stages">From the letters to the room, as far as stages were recorded and may be shown; null of results published before they were.</param>
public sealed record PublishedRepresentation(string Criterion, double TotalVariation, IReadOnlyList<PublishedShare> Values, IReadOnlyList<ReleasedStage>? Stages = null)
{
    /// <summary>One line for each value at each stage, in the columns of the results.</summary>
    public IEnumerable<IReadOnlyList<string>> Lines() => (Stages ?? []).SelectMany(stage => stage.Values.Select(value => (IReadOnlyList<string>)[
        "", "representation", Criterion, value.Value, stage.Stage.ToString().ToLowerInvariant(), PublishedResults.Kind(value.Count), PublishedResults.Number(PublishedResults.Shown(value.Count)),
        PublishedResults.Number(value.Percent), value.Count is ReleasedCell.Withheld withheld ? withheld.Reason : ""]));
}

/// <summary>A value's people on the panel and its shares, 0 to 1.</summary>
public sealed record PublishedShare(string Value, int People, double Share, double Target);
