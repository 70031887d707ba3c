using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Web.Journal;

namespace Polyphony.Web.Hosting;

/// <summary>How an examined thing is.</summary>
internal enum Grade
{
    Good,
    Look,
    Bad,
}

/// <summary>One thing that <c>doctor</c> looked at. Its sentence is <c>hosting.doctor.CODE</c>, and says what to do unless all is well.</summary>
internal sealed record Finding(Grade Grade, string Code, params (string Name, object? Value)[] Values);

/// <summary>The verb <c>doctor</c>: examines the installation in plain words; exit code 1 when something has to be put right.</summary>
internal static class Doctor
{
    public static Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken) =>
        RunAsync(Installation.Read(args), TimeProvider.System, terminal, cancellationToken);

    public static async Task<int> RunAsync(Installation installation, TimeProvider clock, Terminal terminal, CancellationToken cancellationToken)
    {
        if (installation.Problems.Count > 0)
        {
            return terminal.Refuse(installation.Problems);
        }

        List<Finding> findings = [];
        findings.Add(SqliteVersion(new Microsoft.Data.Sqlite.SqliteConnection().ServerVersion));
        findings.AddRange(await DatabaseAsync(installation, clock, cancellationToken));
        findings.Add(Disk(installation.Data.Root));
        findings.Add(Keys(installation));
        findings.Add(Directories(installation.Data));
        findings.Add(await MailServer.ExamineAsync(installation.Options.Smtp, installation.Data, cancellationToken));
        foreach (Finding finding in findings)
        {
            terminal.Show(terminal.Word($"hosting.grade.{finding.Grade}").PadRight(6) + terminal.Word("hosting.doctor." + finding.Code, finding.Values));
        }

        int bad = findings.Count(finding => finding.Grade == Grade.Bad);
        terminal.Say(bad > 0 ? "hosting.doctor.ill" : "hosting.doctor.well", ("n", bad));
        return bad > 0 ? 1 : 0;
    }

    public static Finding SqliteVersion(string version) => Version.TryParse(version, out Version? parsed) && parsed >= StartProblems.OldestSqlite
        ? new(Grade.Good, "sqlite", ("value", version))
        : new(Grade.Bad, "sqlite-old", ("value", version));

    /// <summary>Disk space: a vote is refused, never lost, when it runs out; it should not come to that.</summary>
    public static Finding Disk(long free, long total, string path) => free < 500L * 1024 * 1024
        ? new(Grade.Bad, "disk-full", ("value", path), ("size", Sizes.Word(free)))
        : new(free < total / 5 && free < 20L * 1024 * 1024 * 1024 ? Grade.Look : Grade.Good, free < total / 5 && free < 20L * 1024 * 1024 * 1024 ? "disk-low" : "disk", ("value", path), ("size", Sizes.Word(free)));

    /// <summary>Server time only: deadlines, drawings and links go wrong with a wrong clock.</summary>
    /// <param name="now">What this machine says.</param>
    /// <param name="other">What the database server says, or when the newest entry of the journal was written.</param>
    /// <param name="exact">Whether the other should be equal, not just earlier.</param>
    public static Finding Clock(DateTimeOffset now, DateTimeOffset? other, bool exact)
    {
        TimeSpan behind = (other ?? now) - now;
        return now.Year < 2026 || behind > TimeSpan.FromMinutes(1) || (exact && behind < TimeSpan.FromMinutes(-1))
            ? new(Grade.Bad, "clock-wrong", ("value", now.ToString("u")), ("other", other?.ToString("u") ?? "2026"))
            : new(Grade.Good, "clock", ("value", now.ToString("u")));
    }

    private static async Task<IReadOnlyList<Finding>> DatabaseAsync(Installation installation, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (installation.Database is DatabaseAddress.Sqlite { Path: var path })
        {
            if (!File.Exists(path))
            {
                return [new(Grade.Look, "database-none", ("value", path)), Clock(clock.GetUtcNow(), null, exact: false)];
            }

            if (SqliteFile.Examine(path) is { } damage)
            {
                return [new(Grade.Bad, "database-damaged", ("value", path), ("why", damage)), Clock(clock.GetUtcNow(), null, exact: false)];
            }
        }

        await using Db db = Installation.Open(installation.Database);
        try
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
            string[] known = [.. db.Database.GetMigrations()];
            string[] applied = [.. await db.Database.GetAppliedMigrationsAsync(cancellationToken)];
            string[] pending = [.. known.Except(applied)];
            string[] foreign = [.. applied.Except(known)];
            Finding version = foreign.Length > 0
                ? new(Grade.Bad, "database-newer", ("value", foreign[^1]))
                : pending.Length > 0
                    ? new(Grade.Look, "migrations-pending", ("n", pending.Length))
                    : new(Grade.Good, "migrations");
            List<Finding> findings = [new(Grade.Good, "database", ("value", Where(installation.Database))), version];
            bool current = foreign.Length == 0 && pending.Length == 0;
            bool exact = !db.Database.IsSqlite();
            DateTimeOffset? other = exact
                ? await db.Database.SqlQueryRaw<DateTimeOffset>("SELECT now() AS \"Value\"").SingleAsync(cancellationToken)
                : current
                    ? await db.Journal.OrderByDescending(entry => entry.At).Select(entry => (DateTimeOffset?)entry.At).FirstOrDefaultAsync(cancellationToken)
                    : null;
            findings.Add(Clock(clock.GetUtcNow(), other, exact));
            findings.Add(current ? await ExamineJournal.RunAsync(db, installation.Data, cancellationToken) : new(Grade.Look, "journal-not-examined"));
            if (current && await db.OutgoingMails.CountAsync(mail => mail.SentAt == null && mail.Attempts > 0, cancellationToken) is > 0 and int stuck)
            {
                findings.Add(new(Grade.Look, "mail-waiting", ("n", stuck)));
            }

            return findings;
        }
        catch (Exception failure) when (DatabaseFailure.Why(failure) is not null)
        {
            return [new(Grade.Bad, "database-unreachable", ("value", Where(installation.Database)), ("why", DatabaseFailure.Why(failure))), Clock(clock.GetUtcNow(), null, exact: false)];
        }
    }

    /// <summary>The database without user and password.</summary>
    private static string Where(DatabaseAddress address) => address switch
    {
        DatabaseAddress.Sqlite sqlite => sqlite.Path,
        DatabaseAddress.Postgres postgres => new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString) is var parts ? $"{parts.Host}:{parts.Port}/{parts.Database}" : "",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Finding Disk(string path)
    {
        DriveInfo drive = new(path);
        return Disk(drive.AvailableFreeSpace, drive.TotalSize, path);
    }

    private static Finding Keys(Installation installation)
    {
        string keys = installation.Data.Keys;
        if (!Directory.EnumerateFiles(keys, "*.xml").Any())
        {
            return new(Grade.Look, "keys-none", ("value", keys));
        }

        return IsOpenToOthers(keys) ? new(Grade.Bad, "keys-open", ("value", keys))
            : installation.Options is { KeyCertificate.Length: 0, PublicUrl.Length: > 0 } ? new(Grade.Look, "keys-plain", ("value", keys))
            : new(Grade.Good, "keys", ("value", keys));
    }

    private static Finding Directories(DataDirectory data) =>
        IsOpenToOthers(data.Root) ? new(Grade.Look, "data-open", ("value", data.Root)) : new(Grade.Good, "data", ("value", data.Root));

    private static bool IsOpenToOthers(string directory) => !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(directory) & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != 0;
}
