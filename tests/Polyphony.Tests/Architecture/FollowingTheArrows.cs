using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Polyphony.Tests.Architecture;

/// <summary>What the project files allow, and what the compiled assemblies and the sources do.</summary>
public sealed partial class FollowingTheArrows
{
    private static readonly string[] Pure = ["Proofs", "Sortition", "Seating", "Statistics", "Dialogues"];

    /// <summary>Files, networks, databases, pages and processes: the shell's.</summary>
    private static readonly string[] Forbidden = ["System.IO", "System.Net", "System.Data", "System.Diagnostics.Process", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "System.Reflection.Emit"];

    [Fact]
    public void Project_files_reference_exactly_what_the_arrows_say()
    {
        string[] projects = ProjectFile.OfTheServer();
        Assert.True(projects.Length >= 8);
        Assert.Equal(
            Arrows().Select(arrow => $"{arrow.Key} -> {string.Join(", ", arrow.Value)}").Order(StringComparer.Ordinal),
            projects.Select(path => $"{ProjectFile.ShortName(path)} -> {string.Join(", ", ProjectFile.Includes(path, "ProjectReference").Select(ProjectFile.ShortName).Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_goes_round_the_project_files()
    {
        // A reference inherited from another project or from the files for all projects would be an arrow that no project file shows.
        string[] shared = [.. Directory.GetFiles(Repository.PathOf("."), "Directory.*.*"), .. Directory.GetFiles(Repository.PathOf("src"), "Directory.*.*", SearchOption.AllDirectories)];
        Assert.Contains(shared, path => File.ReadAllText(path).Contains("<DisableTransitiveProjectReferences>true<", StringComparison.Ordinal));
        Assert.All(shared, path => Assert.Empty(ProjectFile.Includes(path, "ProjectReference")));
        Assert.All(ProjectFile.OfTheServer(), path =>
        {
            Assert.DoesNotContain("TransitiveProjectReferences", File.ReadAllText(path), StringComparison.Ordinal);
            Assert.Empty(ProjectFile.Includes(path, "Reference"));
            Assert.Empty(ProjectFile.Includes(path, "Import"));
        });
    }

    [Fact]
    public void Assemblies_reference_only_what_the_arrows_allow()
    {
        Dictionary<string, string[]> arrows = Arrows();
        Assert.All(Pure.Append("Sheets"), name =>
            Assert.All(References(name).Where(reference => reference.StartsWith("Polyphony.", StringComparison.Ordinal)), reference => Assert.Contains(reference["Polyphony.".Length..], arrows[name])));
    }

    [Fact]
    public void Pure_assemblies_touch_no_type_of_a_forbidden_namespace() => Assert.All(Pure, name =>
    {
        string[] touched = [.. Types(name).Where(type => Forbidden.Any(space => type.StartsWith(space + ".", StringComparison.Ordinal)) && !Harmless.Contains(type))];
        Assert.True(touched.Length == 0, $"{name}: {string.Join(", ", touched)}");
    });

    [Fact]
    public void Slices_are_flat()
    {
        // A feature is one folder: another level would be a second way to sort the same files.
        string web = Repository.PathOf("src", "Polyphony.Web");
        string[] features = [.. Directory.GetFiles(web, "*Feature.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal))];
        Assert.True(features.Length >= 8);
        Assert.All(features, path =>
        {
            string folder = Path.GetDirectoryName(path)!;
            Assert.Equal(web, Path.GetDirectoryName(folder));
            Assert.All(Directory.GetDirectories(folder), nested => Assert.True(Directory.GetFiles(nested, "*.cs").Length + Directory.GetFiles(nested, "*.razor").Length == 0, nested));
        });
    }

    [Fact]
    public void Namespaces_are_the_folders() => Assert.All(
        Directory.GetFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/Migrations/", StringComparison.Ordinal)),
        path =>
        {
            string folder = Path.GetRelativePath(Repository.PathOf("src"), Path.GetDirectoryName(path)!).Replace('/', '.');
            Match match = Namespace().Match(File.ReadAllText(path));
            Assert.True(!match.Success || folder == match.Groups[1].Value || folder.StartsWith(match.Groups[1].Value + ".", StringComparison.Ordinal), path);
        });

    /// <summary>Readers and writers in memory, and what they throw.</summary>
    private static readonly string[] Harmless = ["System.IO.Stream", "System.IO.MemoryStream", "System.IO.StringReader", "System.IO.StringWriter", "System.IO.TextReader", "System.IO.TextWriter", "System.IO.InvalidDataException"];

    /// <summary>The arrows of the architecture page: each project with those it may reference, in order.</summary>
    private static Dictionary<string, string[]> Arrows() => Arrow().Matches(File.ReadAllText(Repository.PathOf("docs", "architecture.md"))).ToDictionary(
        match => match.Groups[1].Value,
        match => match.Groups[2].Value.Trim() == "(nothing)" ? [] : match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal).ToArray());

    private static string[] References(string name) => Metadata(name, metadata => metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)));

    private static string[] Types(string name) => Metadata(name, metadata => metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"));

    private static string[] Metadata(string name, Func<MetadataReader, IEnumerable<string>> read)
    {
        using PEReader assembly = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"Polyphony.{name}.dll")));
        string[] found = [.. read(assembly.GetMetadataReader())];
        Assert.NotEmpty(found);
        return found;
    }

    [GeneratedRegex(@"^(\w+) +-> (.+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^namespace ([\w.]+)[;\s]", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
