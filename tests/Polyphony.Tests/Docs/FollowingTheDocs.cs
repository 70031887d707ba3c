using System.CommandLine;
using System.Text.RegularExpressions;
using Polyphony.Cli.Frame;

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
    public void Every_benchmark_that_is_named_exists_and_takes_its_options()
    {
        string table = File.ReadAllText(Repository.PathOf("bench", "Polyphony.Benchmarks", "Program.cs"));
        string[] explained = File.ReadAllLines(Repository.PathOf("bench", "Polyphony.Benchmarks", "Arguments.cs"));
        (string Page, Match Named)[] named = [.. Named(Benchmark())];
        Assert.NotEmpty(named);
        Assert.All(named, one =>
        {
            string verb = one.Named.Groups[1].Value;
            Assert.True(table.Contains($"\"{verb}\" =>", StringComparison.Ordinal), $"{one.Page} names bench {verb}");
            string options = explained.Single(line => Regex.IsMatch(line, $"^ +{verb} "));
            Assert.All(Switch().Matches(one.Named.Value), option => Assert.True(Regex.IsMatch(options, Regex.Escape(option.Value) + "(?![a-z-])"), $"{one.Page} gives bench {verb} {option.Value}"));
        });
    }

    [Fact]
    public void Every_verb_of_the_offline_tool_that_is_named_exists_and_takes_its_options()
    {
        (string Page, Match Named)[] named = [.. Named(Tool())];
        Assert.NotEmpty(named);
        Assert.All(named, one =>
        {
            string[] words = one.Named.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Command command = Verbs.Root();
            foreach (string word in words)
            {
                if (command.Subcommands.Count == 0 || !Regex.IsMatch(word, "^[a-z]+$"))
                {
                    break;
                }

                command = command.Subcommands.FirstOrDefault(verb => verb.Name == word) ?? throw Xunit.Sdk.FailException.ForFailure($"{one.Page} names polyphony {string.Join(' ', words)}");
            }

            string[] known = [.. command.Options.Concat(Verbs.Root().Options).SelectMany(option => option.Aliases.Append(option.Name))];
            Assert.All(Switch().Matches(one.Named.Value), option => Assert.True(known.Contains(option.Value), $"{one.Page} gives polyphony {command.Name} {option.Value}"));
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

    private static IEnumerable<(string Page, Match Named)> Named(Regex pattern) =>
        Pages().SelectMany(page => pattern.Matches(File.ReadAllText(page)).Select(match => (Path.GetRelativePath(Repository.Root, page), match)));

    private static string[] Pages() =>
        [Repository.PathOf("README.md"), Repository.PathOf("CONTRIBUTING.md"), Repository.PathOf("CHANGELOG.md"), .. Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)];

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([^`\s]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"dotnet run --project (\S+?)(?: -- ([a-z]+))?(?=[\s`]|$)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"`bench ([a-z]+)[^`]*`")]
    private static partial Regex Benchmark();

    /// <summary>In the text between accents, in examples from the beginning of a line to where no line goes on.</summary>
    [GeneratedRegex(@"(?:`|^)polyphony (?!ticket`)((?:[^`\n\\]|\\\n)+)", RegexOptions.Multiline)]
    private static partial Regex Tool();

    [GeneratedRegex(@"(?<![a-z-])--[a-z][a-z-]*")]
    private static partial Regex Switch();

    [GeneratedRegex(@"Polyphony__((?:[A-Za-z0-9]+__)*[A-Za-z0-9]+)")]
    private static partial Regex Option();
}
