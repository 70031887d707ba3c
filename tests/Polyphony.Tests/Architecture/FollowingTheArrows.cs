using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Polyphony.Tests.Architecture;

/// <summary>What the compiled assemblies and the sources do, beside what the project files allow.</summary>
public sealed partial class FollowingTheArrows
{
    private static readonly string[] Pure = ["Proofs", "Sortition", "Seating", "Statistics", "Dialogues"];

    /// <summary>Files, networks, databases, pages and processes: the shell's.</summary>
    private static readonly string[] Forbidden = ["System.IO", "System.Net", "System.Data", "System.Diagnostics.Process", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "System.Reflection.Emit"];

    [Fact]
    public void Assemblies_reference_only_what_the_arrows_allow()
    {
        Dictionary<string, string[]> arrows = Arrow().Matches(File.ReadAllText(Repository.PathOf("docs", "architecture.md")))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries));
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
