namespace Polyphony.Cli.Frame;

/// <summary>A directory that appears whole or not at all: everything is written beside it and moved at the end.</summary>
internal sealed class OutputFolder : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<OutputFolder> Open = [];

    private readonly string target;
    private readonly string partial;

    private OutputFolder(string path)
    {
        target = Path.GetFullPath(path);
        partial = $"{Path.TrimEndingDirectorySeparator(target)}.partial-{Environment.ProcessId}";
        Directory.CreateDirectory(partial);
        lock (Gate)
        {
            Open.Add(this);
        }
    }

    /// <summary>Begins a directory; the caller disposes it.</summary>
    public static OutputFolder Begin(string path) => new(path);

    /// <summary>Names of files that stand in a directory already and would be replaced.</summary>
    public static IReadOnlyList<string> Standing(string path, params IEnumerable<string> names) => [.. names.Where(name => File.Exists(Path.Combine(path, name)))];

    /// <summary>A new file.</summary>
    public FileStream Create(string name) => new(Path.Combine(partial, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);

    /// <summary>A new file with these bytes.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        using FileStream file = Create(name);
        file.Write(content);
    }

    /// <summary>Puts everything in its place; files of the same name are replaced, others stay.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Directory.Exists(target))
            {
                Directory.Move(partial, target);
            }
            else
            {
                foreach (string file in Directory.GetFiles(partial))
                {
                    File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
                }

                Directory.Delete(partial);
            }

            Open.Remove(this);
        }
    }

    /// <summary>Drops what was begun and not finished; gives the code back so that a dying process can end with it.</summary>
    public static int DropAll(int code)
    {
        lock (Gate)
        {
            foreach (OutputFolder folder in Open.ToArray())
            {
                folder.Drop();
            }
        }

        return code;
    }

    public void Dispose()
    {
        lock (Gate)
        {
            Drop();
        }
    }

    private void Drop()
    {
        if (Open.Remove(this) && Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }
    }
}
