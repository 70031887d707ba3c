using System.Text.RegularExpressions;

namespace Polyphony.Tests.Sheets;

public sealed partial class TellingProblems
{
    [Fact]
    public void Every_code_that_sheets_can_tell_is_reached_by_a_test()
    {
        string[] codes = [.. Code().Matches(Sources("src", "Polyphony.Sheets")).Select(match => match.Groups[1].Value).Distinct().Order()];
        string tests = Sources("tests", "Polyphony.Tests", "Sheets") + Sources("tests", "Polyphony.Tests", "Cli");
        Assert.True(codes.Length >= 30, $"only {codes.Length} codes were found");
        Assert.All(codes, code => Assert.Matches($"[\" ]{code}[\"@:]", tests));
    }

    private static string Sources(params string[] folder) =>
        string.Concat(Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs").Select(File.ReadAllText));

    [GeneratedRegex("""(?:SheetProblem\(|\? )"(?!true")([a-z]+(?:-[a-z]+)*)"(?: :|,)""")]
    private static partial Regex Code();
}
