using System.Globalization;

namespace Polyphony.Web.Hosting;

/// <summary>Files that hold names, links or keys: readable by the user who made them, and on the disk when it is said so.</summary>
internal static class PrivateFiles
{
    /// <summary>Makes a file that must not exist yet.</summary>
    public static FileStream Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Returns once the content has reached the disk.</summary>
    public static void MakeDurable(string path)
    {
        using FileStream written = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        written.Flush(flushToDisk: true);
    }
}

internal static class Sizes
{
    public static string Word(long bytes) => bytes switch
    {
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1024.0)} kB"),
        < 10L * 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1024.0 / 1024)} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024 / 1024 / 1024} GB"),
    };
}
