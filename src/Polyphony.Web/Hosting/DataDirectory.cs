using Microsoft.Extensions.Options;

namespace Polyphony.Web.Hosting;

/// <summary>Where files of this installation are.</summary>
public sealed class DataDirectory
{
    public DataDirectory(IOptions<PolyphonyOptions> options, IWebHostEnvironment environment)
        : this(options.Value, environment.ContentRootPath)
    {
    }

    public DataDirectory(PolyphonyOptions options, string contentRoot)
    {
        Root = Path.GetFullPath(options.Data, contentRoot);
        Keys = options.Keys.Length > 0 ? Path.GetFullPath(options.Keys, contentRoot) : Path.Combine(Root, "keys");
        Outbox = Path.Combine(Root, "outbox");
    }

    public string Root { get; }

    /// <summary>The data-protection key ring; readable by this user only.</summary>
    public string Keys { get; }

    public string Outbox { get; }

    /// <summary>Makes the directories that miss, for this user only: names, links and keys lie in them.</summary>
    public void Create()
    {
        foreach (string directory in (string[])[Root, Outbox, Keys])
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }
}
