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

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outbox);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Keys);
        }
        else
        {
            Directory.CreateDirectory(Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
