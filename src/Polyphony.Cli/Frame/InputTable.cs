using Polyphony.Sheets;

namespace Polyphony.Cli.Frame;

/// <summary>Reads the tables that options name.</summary>
internal static class InputTable
{
    /// <summary>The table, or null; problems are added to the list. A table of which some cells stand beyond its headers is given too, so that its other problems are told with them.</summary>
    public static Sheet? Read(string path, List<SheetProblem> problems)
    {
        if (Bytes(path, problems) is not { } content)
        {
            return null;
        }

        switch (SheetReader.Read(path, content))
        {
            case SheetReading.Read read:
                return read.Sheet;
            case SheetReading.Refused refused:
                problems.AddRange(refused.Problems);
                return refused.Ragged;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>A file's bytes, or null with the problem added to the list.</summary>
    public static byte[]? Bytes(string path, List<SheetProblem> problems)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new SheetProblem("file-missing", path));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add(new SheetProblem("file-unreadable", path, Value: closed.Message));
        }

        return null;
    }
}
