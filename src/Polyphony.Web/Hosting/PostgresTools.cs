using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Polyphony.Storage.Connections;

namespace Polyphony.Web.Hosting;

/// <summary>PostgreSQL's own programs, which know best how to copy a database of theirs.</summary>
internal static class PostgresTools
{
    /// <summary>Writes a dump with pg_dump and has pg_restore read it.</summary>
    /// <returns>The exit code of the verb.</returns>
    public static async Task<int> DumpAsync(DatabaseAddress.Postgres address, string target, Terminal terminal, CancellationToken cancellationToken)
    {
        PrivateFiles.Create(target).Dispose();
        (int Code, string Said)? dump = await RunAsync("pg_dump", ["--format=custom", "--no-password", "--file=" + target], address, cancellationToken);
        if (dump is not { } dumped)
        {
            return terminal.Refuse("hosting.backup.no-pg-dump");
        }

        if (dumped.Code != 0)
        {
            return terminal.Refuse("hosting.backup.pg-dump-failed", ("why", dumped.Said));
        }

        PrivateFiles.MakeDurable(target);
        return await RunAsync("pg_restore", ["--list", target], address, cancellationToken) is { Code: 0 } ? 0 : terminal.Refuse("hosting.backup.damaged", ("why", "pg_restore --list"));
    }

    /// <returns>Null when the program is not there.</returns>
    private static async Task<(int Code, string Said)?> RunAsync(string program, string[] arguments, DatabaseAddress.Postgres address, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder connection = new(address.ConnectionString);
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };

        // In the environment and not as arguments: those stand in the list of processes.
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = connection.Database;
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGSSLMODE"] = connection.SslMode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            SslMode mode => mode.ToString().ToLowerInvariant(),
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            string said = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, said.Trim());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
