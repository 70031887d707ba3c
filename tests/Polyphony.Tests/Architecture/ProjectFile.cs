using System.Xml;

namespace Polyphony.Tests.Architecture;

/// <summary>What a project file states.</summary>
internal static class ProjectFile
{
    /// <summary>The project files under <c>src</c>.</summary>
    public static string[] OfTheServer() => Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories);

    /// <summary><c>Proofs</c> for <c>…/Polyphony.Proofs.csproj</c>.</summary>
    public static string ShortName(string path) => Path.GetFileNameWithoutExtension(path)["Polyphony.".Length..];

    /// <summary>What the elements of a name include.</summary>
    public static IReadOnlyList<string> Includes(string path, string element)
    {
        List<string> values = [];
        using XmlReader reader = XmlReader.Create(path);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == element)
            {
                values.Add(reader.GetAttribute("Include")!);
            }
        }

        return values;
    }
}
