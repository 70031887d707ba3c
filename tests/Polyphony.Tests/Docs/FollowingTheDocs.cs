using System.Text.RegularExpressions;

namespace Polyphony.Tests.Docs;

public sealed partial class FollowingTheDocs
{
    private static readonly string[] Roots = ["src/", "docs/", "tests/", "tools/", "deploy/", "bench/"];

    [Fact]
    public void Every_path_that_is_named_exists()
    {
        foreach (string page in Pages())
        {
            string text = File.ReadAllText(page);
            string folder = Path.GetDirectoryName(page)!;
            IEnumerable<string> links = Link().Matches(text).Select(match => Path.Combine(folder, match.Groups[1].Value));
            IEnumerable<string> quoted = Quoted().Matches(text).Select(match => match.Groups[1].Value)
                .Where(name => Roots.Any(root => name.StartsWith(root, StringComparison.Ordinal)) || name is "./test").Select(name => Repository.PathOf(name));
            Assert.All(links.Concat(quoted), path => Assert.True(Path.Exists(path), $"{Path.GetRelativePath(Repository.Root, page)} names {Path.GetRelativePath(Repository.Root, path)}"));
        }
    }

    [Fact]
    public void Every_command_runs_a_project_and_a_verb_that_exist()
    {
        string verbs = File.ReadAllText(Repository.PathOf("src", "Polyphony.Web", "Hosting", "Verbs.cs"));
        string tool = string.Concat(Directory.GetFiles(Repository.PathOf("src", "Polyphony.Cli"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        Match[] commands = [.. Pages().SelectMany(page => Command().Matches(File.ReadAllText(page)))];
        Assert.NotEmpty(commands);
        Assert.All(commands, match =>
        {
            Assert.NotEmpty(Directory.GetFiles(Repository.PathOf(match.Groups[1].Value), "*.csproj"));
            if (match.Groups[2].Success)
            {
                Assert.Contains($"\"{match.Groups[2].Value}\"", match.Groups[1].Value == "src/Polyphony.Cli" ? tool : verbs, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void Every_option_that_is_named_exists()
    {
        string options = File.ReadAllText(Repository.PathOf("src", "Polyphony.Web", "Hosting", "PolyphonyOptions.cs"));
        string[] names = [.. Pages().SelectMany(page => Option().Matches(File.ReadAllText(page))).SelectMany(match => match.Groups[1].Value.Split("__")).Where(name => !char.IsAsciiDigit(name[0])).Distinct()];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($" {name} {{ get;", options, StringComparison.Ordinal));
    }

    private static string[] Pages() =>
        [Repository.PathOf("README.md"), Repository.PathOf("CONTRIBUTING.md"), .. Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)];

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([^`\s]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"dotnet run --project (\S+?)(?: -- ([a-z]+))?(?=[\s`]|$)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"Polyphony__((?:[A-Za-z0-9]+__)*[A-Za-z0-9]+)")]
    private static partial Regex Option();
}
