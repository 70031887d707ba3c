using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

/// <summary>Short words for what the tests of sheets do.</summary>
internal static class Reading
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static Sheet Table(byte[] content, string name = "people.csv") => SheetReader.Read(name, content) switch
    {
        SheetReading.Read read => read.Sheet,
        SheetReading.Refused refused => throw new Xunit.Sdk.XunitException(string.Join("; ", refused.Problems)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static Sheet Table(string text) => Table(Bytes(text));

    public static IReadOnlyList<SheetProblem> Problems(byte[] content, string name = "people.csv") =>
        SheetReader.Read(name, content) is SheetReading.Refused refused ? refused.Problems : [];

    public static string[] Codes(byte[] content, string name = "people.csv") => [.. Problems(content, name).Select(problem => problem.Code)];

    public static string[] Codes(string text) => Codes(Bytes(text));

    public static QuotaReading Quotas(string text) => QuotaSheet.Read(Table(text));
}
