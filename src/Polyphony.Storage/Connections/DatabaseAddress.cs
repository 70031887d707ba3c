using Npgsql;

namespace Polyphony.Storage.Connections;

/// <summary>Where the data is: an SQLite file or a PostgreSQL database.</summary>
public abstract record DatabaseAddress
{
    private DatabaseAddress()
    {
    }

    /// <summary>An SQLite file.</summary>
    /// <param name="Path">Full path of the file.</param>
    public sealed record Sqlite(string Path) : DatabaseAddress;

    /// <summary>A PostgreSQL database.</summary>
    /// <param name="ConnectionString">In the form that Npgsql reads.</param>
    public sealed record Postgres(string ConnectionString) : DatabaseAddress;

    /// <summary>Reads the option <c>Polyphony:Database</c>.</summary>
    /// <param name="text">Empty for the default file, <c>sqlite:PATH</c>, a path, or <c>postgres://user:password@host:port/name?sslmode=require</c>.</param>
    /// <param name="dataDirectory">Full path of the directory of the default file; relative paths start there.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">It looks like an address of a database of another kind, or has no database name.</exception>
    public static DatabaseAddress Parse(string? text, string dataDirectory)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new Sqlite(Path.Combine(dataDirectory, "polyphony.db"));
        }

        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            return new Postgres(FromUri(new Uri(text)));
        }

        if (text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase))
        {
            return new Sqlite(Path.GetFullPath(text["sqlite:".Length..], dataDirectory));
        }

        // Half an address would otherwise become the name of a new, empty file.
        return text.Contains("://", StringComparison.Ordinal) || text.StartsWith("postgres:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql:", StringComparison.OrdinalIgnoreCase)
            ? throw new FormatException("postgres://… or a path of an SQLite file")
            : new Sqlite(Path.GetFullPath(text, dataDirectory));
    }

    /// <summary>Converts the URI form of PostgreSQL's own tools, which Npgsql does not read.</summary>
    private static string FromUri(Uri uri)
    {
        NpgsqlConnectionStringBuilder builder = new()
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        if (builder.Database.Length == 0)
        {
            throw new FormatException("postgres://user:password@host:port/NAME");
        }

        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            string name = Uri.UnescapeDataString(parts[0]) switch
            {
                "sslmode" => "SSL Mode",
                "sslrootcert" => "Root Certificate",
                "application_name" => "Application Name",
                "connect_timeout" => "Timeout",
                string other => other,
            };
            string value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";

            // libpq writes verify-full, Npgsql VerifyFull.
            builder[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return builder.ConnectionString;
    }
}
