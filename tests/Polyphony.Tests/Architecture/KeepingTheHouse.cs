using System.Text.RegularExpressions;

namespace Polyphony.Tests.Architecture;

public sealed partial class KeepingTheHouse
{
    [Fact]
    public void Pure_projects_take_no_packages_but_the_solver_the_signature_and_the_distributions()
    {
        string[] pure = [.. ProjectFile.OfTheServer().Where(path => File.ReadAllText(path).Contains("<PolyphonyPure>true", StringComparison.Ordinal))];
        Assert.Equal(["Dialogues", "Proofs", "Seating", "Sortition", "Statistics"], pure.Select(ProjectFile.ShortName).Order(StringComparer.Ordinal));
        Assert.All(pure, path => Assert.Equal(
            ProjectFile.ShortName(path) switch { "Sortition" => ["Google.OrTools", "Google.Protobuf"], "Proofs" => ["BouncyCastle.Cryptography"], "Statistics" => ["MathNet.Numerics"], _ => [] }, ProjectFile.Includes(path, "PackageReference")));
    }

    [Fact]
    public void No_file_is_over_about_four_hundred_lines() =>
        Assert.All(Sources("*.cs", "*.razor", "*.ts"), path => Assert.True(File.ReadLines(path).Count() <= 420, path));

    [Fact]
    public void Pages_have_no_style_and_no_script_of_their_own() => Assert.All(Sources("*.razor"), path =>
    {
        string page = File.ReadAllText(path);
        Assert.False(InlineStyle().IsMatch(page), path);
        Assert.All(Script().Matches(page), match => Assert.True(match.Value.Contains(" src=", StringComparison.Ordinal), path));
    });

    [Fact]
    public void Style_sheets_know_start_and_end_and_not_left_and_right() => Assert.All(Sources("*.css"), path =>
        Assert.All(File.ReadLines(path), line => Assert.False(Sided().IsMatch(line), $"{path}: {line}")));

    private static IEnumerable<string> Sources(params string[] patterns)
    {
        string[] found = [.. patterns.SelectMany(pattern => Directory.GetFiles(Repository.PathOf("src"), pattern, SearchOption.AllDirectories))
            .Where(path => !path.Contains("/Migrations/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))];
        Assert.NotEmpty(found);
        return found;
    }

    [GeneratedRegex("\\sstyle\\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineStyle();

    [GeneratedRegex("<script[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex(@"(margin|padding|border|inset)-(left|right|top|bottom)|^\s*(left|right|top|bottom)\s*:|(float|text-align)\s*:\s*(left|right)")]
    private static partial Regex Sided();
}
