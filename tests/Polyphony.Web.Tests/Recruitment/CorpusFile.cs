using System.Text;
using Polyphony.Sheets;
using Polyphony.Tests.Sheets;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Through which form a file comes.</summary>
public enum Door
{
    Quotas,
    Pool,
    Sites,
    SitedQuotas,
    SitedPool,
    Invited,
}

/// <summary>A file of the corpus and what must become of it: refused with all of <paramref name="Refusal"/>, or imported as <paramref name="Lines"/>.</summary>
/// <param name="Name">Its name, unlike every other.</param>
/// <param name="Door">Through which form it comes.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Refusal">Every problem that must be told, as <c>code</c>, <c>code@row</c> or <c>code@row:column</c>; empty when the file is good.</param>
/// <param name="Lines">What must stand in the database afterwards, one line a value, person or site; empty when the file is bad.</param>
internal sealed record CorpusFile(string Name, Door Door, byte[] Content, IReadOnlyList<string> Refusal, IReadOnlyList<string> Lines)
{
    public bool IsGood => Refusal.Count == 0;

    public override string ToString() => Name;
}

/// <summary>Everything that people and attackers upload: made here, so that no file of it lies in the repository.</summary>
internal static class Corpus
{
    /// <summary>The criteria that every file of people is read by.</summary>
    public const string Quotas = "feature,value,min,max\nGender,Woman,1,3\nGender,Man,1,3\nÂge,16–29,0,4\nÂge,30+,0,4\n";

    public static readonly QuotaCriterion[] Criteria =
    [
        new("Gender", [new("Woman", 1, 3, null, null, null), new("Man", 1, 3, null, null, null)]),
        new("Âge", [new("16–29", 0, 4, null, null, null), new("30+", 0, 4, null, null, null)]),
    ];

    private static readonly Dictionary<string, CorpusFile> ByName = ((CorpusFile[])
        [.. BrokenFiles.All(), .. HostileFiles.All(), .. QuotaFiles.All(), .. PoolFiles.All(), .. SiteFiles.All()]).ToDictionary(file => file.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<CorpusFile> All => ByName.Values;

    public static CorpusFile Named(string name) => ByName[name];

    public static TheoryData<string> Names(Func<CorpusFile, bool> which) => [.. All.Where(which).Select(file => file.Name)];

    public static CorpusFile Bad(string name, Door door, byte[] content, params string[] refusal) => new(name, door, content, refusal, []);

    public static CorpusFile Bad(string name, Door door, string text, params string[] refusal) => new(name, door, Utf8(text), refusal, []);

    public static CorpusFile Good(string name, Door door, byte[] content, params string[] lines) => new(name, door, content, [], lines);

    public static CorpusFile Good(string name, Door door, string text, params string[] lines) => new(name, door, Utf8(text), [], lines);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Windows1252(string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetBytes(text);
    }

    /// <summary>A problem as the corpus writes it: row and column are compared when the corpus names them.</summary>
    public static string Told(string code, string row, string column, IReadOnlyList<string> expected)
    {
        string withRow = row.Length > 0 ? code + "@" + row : code;
        string full = column.Length > 0 ? withRow + ":" + column : withRow;
        return ((string[])[full, withRow, code]).FirstOrDefault(expected.Contains) ?? full;
    }

    /// <summary>The rows of a workbook, each cell with its text in place, as other programs than Excel write them.</summary>
    public static byte[] Inline(params string[][] rows) => Workbook.OfXml(string.Concat(rows.Index().Select(row =>
        $"<row r=\"{row.Index + 1}\">{string.Concat(row.Item.Index().Select(cell => $"<c r=\"{CellText.ColumnLetter(cell.Index)}{row.Index + 1}\" t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(cell.Item)}</t></is></c>"))}</row>")));

    /// <summary>Letters that hardly compress, the same in every run.</summary>
    public static string Noise(int length)
    {
        uint state = 1;
        return string.Create(length, 0, (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                state = (state * 1_664_525) + 1_013_904_223;
                span[i] = (char)('a' + ((state >> 16) % 26));
            }
        });
    }
}
