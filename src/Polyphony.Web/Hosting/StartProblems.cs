using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using MimeKit;
using Polyphony.Storage.Connections;

namespace Polyphony.Web.Hosting;

/// <summary>One reason why the server does not start.</summary>
/// <param name="Code">Its sentence is <c>hosting.problem.CODE</c>.</param>
/// <param name="Option">As one sets it in the environment.</param>
/// <param name="Value">What it is set to; never a password.</param>
internal sealed record StartProblem(string Code, string Option, string Value);

/// <summary>Reads all options before anything is started and names everything that is wrong with them at once.</summary>
internal static class StartProblems
{
    /// <summary>The first version without the WAL-reset fault, which could corrupt a file that several connections write.</summary>
    public static readonly Version OldestSqlite = new(3, 51, 3);

    /// <param name="configuration">All options.</param>
    /// <param name="contentRoot">Where relative paths begin.</param>
    /// <param name="isRehearsal">Everybody knows its password: it stays on this machine, whoever speaks https for it.</param>
    public static IReadOnlyList<StartProblem> Find(IConfiguration configuration, string contentRoot, bool isRehearsal = false)
    {
        List<StartProblem> problems = [];
        IConfigurationSection section = configuration.GetSection(PolyphonyOptions.Section);
        FindUnknown(section, typeof(PolyphonyOptions), PolyphonyOptions.Section, problems);
        if (problems.Count > 0)
        {
            // What cannot be bound cannot be examined further.
            FindInAddresses(configuration, section.GetSection(nameof(PolyphonyOptions.TrustedProxies)).GetChildren().Any(), isRehearsal, problems);
            return problems;
        }

        PolyphonyOptions options = section.Get<PolyphonyOptions>() ?? new();
        bool directories = FindInDirectories(options, contentRoot, problems);
        FindInDatabase(options, directories ? new DataDirectory(options, contentRoot).Root : contentRoot, problems);
        FindInKeys(options, contentRoot, problems);
        FindInProxies(options, problems);
        bool open = FindInAddresses(configuration, options.TrustedProxies.Count > 0, isRehearsal, problems);
        FindInPublicUrl(options, open && !isRehearsal, problems);
        FindInSmtp(options.Smtp, problems);
        if (Version.Parse(new SqliteConnection().ServerVersion) is { } version && version < OldestSqlite)
        {
            problems.Add(new("sqlite-old", "", version.ToString()));
        }

        return problems;
    }

    private static void FindUnknown(IConfigurationSection section, Type type, string name, List<StartProblem> problems)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            string option = name + "__" + child.Key;
            if (property is null)
            {
                problems.Add(new("unknown-option", option, ""));
            }
            else if (property.PropertyType == typeof(SmtpOptions))
            {
                FindUnknown(child, typeof(SmtpOptions), option, problems);
            }
            else if (child.Value is { } text && property.PropertyType.IsValueType && !TypeDescriptor.GetConverter(property.PropertyType).IsValid(text))
            {
                problems.Add(new(property.PropertyType == typeof(int) ? "not-a-number" : "not-readable", option, text));
            }
        }
    }

    private static bool FindInDirectories(PolyphonyOptions options, string contentRoot, List<StartProblem> problems)
    {
        if (options.Data.Trim().Length == 0)
        {
            problems.Add(new("data-empty", "Polyphony__Data", ""));
            return false;
        }

        DataDirectory data = new(options, contentRoot);
        try
        {
            data.Create();
            string probe = Path.Combine(data.Root, ".writable");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new("data-not-writable", "Polyphony__Data", data.Root));
            return false;
        }
    }

    private static void FindInDatabase(PolyphonyOptions options, string root, List<StartProblem> problems)
    {
        try
        {
            DatabaseAddress.Parse(options.Database, root);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException)
        {
            // The address may hold a password: only its kind is repeated.
            int scheme = options.Database.IndexOf("://", StringComparison.Ordinal);
            problems.Add(new("database", "Polyphony__Database", scheme < 0 ? "…" : options.Database[..scheme] + "://…"));
        }
    }

    private static void FindInKeys(PolyphonyOptions options, string contentRoot, List<StartProblem> problems)
    {
        try
        {
            KeyRing.ReadCertificate(options, contentRoot)?.Dispose();
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add(new("key-certificate", "Polyphony__KeyCertificate", options.KeyCertificate));
        }
    }

    private static void FindInProxies(PolyphonyOptions options, List<StartProblem> problems)
    {
        for (int i = 0; i < options.TrustedProxies.Count; i++)
        {
            string proxy = options.TrustedProxies[i];
            if (!IPAddress.TryParse(proxy, out _) && !System.Net.IPNetwork.TryParse(proxy, out _))
            {
                problems.Add(new("proxy", string.Create(CultureInfo.InvariantCulture, $"Polyphony__TrustedProxies__{i}"), proxy));
            }
        }
    }

    /// <returns>Whether the server listens to other machines.</returns>
    private static bool FindInAddresses(IConfiguration configuration, bool proxied, bool isRehearsal, List<StartProblem> problems)
    {
        bool open = false;
        foreach (string url in ListeningAddresses.Of(configuration))
        {
            try
            {
                if (!ListeningAddresses.IsOpen(url))
                {
                    continue;
                }

                open = true;
                if (isRehearsal)
                {
                    problems.Add(new("rehearsal-open", "urls", url));
                }
                else if (!proxied && ListeningAddresses.IsPlain(url))
                {
                    problems.Add(new("plain-http", "urls", url));
                }
            }
            catch (FormatException)
            {
                problems.Add(new("address", "urls", url));
            }
        }

        return open;
    }

    private static void FindInPublicUrl(PolyphonyOptions options, bool open, List<StartProblem> problems)
    {
        const string Option = "Polyphony__PublicUrl";
        if (options.PublicUrl.Length == 0)
        {
            if (open)
            {
                problems.Add(new("public-url-missing", Option, ""));
            }
        }
        else if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.AbsolutePath != "/" || url.Query.Length > 0)
        {
            problems.Add(new("public-url", Option, options.PublicUrl));
        }
        else if (url.Scheme == Uri.UriSchemeHttp && !ListeningAddresses.IsLoopback(url.Host))
        {
            problems.Add(new("public-url-plain", Option, options.PublicUrl));
        }
    }

    private static void FindInSmtp(SmtpOptions smtp, List<StartProblem> problems)
    {
        if (smtp.Port is < 1 or > 65_535)
        {
            problems.Add(new("port", "Polyphony__Smtp__Port", smtp.Port.ToString(CultureInfo.InvariantCulture)));
        }

        if (smtp.Host.Length == 0 && smtp.User.Length > 0)
        {
            problems.Add(new("smtp-host-missing", "Polyphony__Smtp__Host", ""));
        }

        if (smtp.Host.Length > 0 && smtp.From.Length == 0)
        {
            problems.Add(new("smtp-from-missing", "Polyphony__Smtp__From", ""));
        }

        if (smtp.From.Length > 0 && !(MailboxAddress.TryParse(smtp.From, out MailboxAddress? from) && from.Address.Contains('@', StringComparison.Ordinal)))
        {
            problems.Add(new("smtp-from", "Polyphony__Smtp__From", smtp.From));
        }

        if (smtp.User.Length > 0 != smtp.Password.Length > 0)
        {
            problems.Add(new("smtp-sign-in", smtp.User.Length > 0 ? "Polyphony__Smtp__Password" : "Polyphony__Smtp__User", ""));
        }
    }
}
