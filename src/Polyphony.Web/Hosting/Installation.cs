using Polyphony.Storage;
using Polyphony.Storage.Connections;

namespace Polyphony.Web.Hosting;

/// <summary>Where an installation has its data and in which database, read from the options as the server reads them, without starting it.</summary>
internal sealed record Installation(PolyphonyOptions Options, DataDirectory Data, DatabaseAddress Database, IReadOnlyList<StartProblem> Problems)
{
    public static Installation Read(string[] args)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(args);
        string content = builder.Environment.ContentRootPath;
        IReadOnlyList<StartProblem> problems = StartProblems.Find(builder.Configuration, content);
        PolyphonyOptions options = problems.Count == 0 ? builder.Configuration.GetSection(PolyphonyOptions.Section).Get<PolyphonyOptions>() ?? new() : new();
        DataDirectory data = new(options, content);
        return new(options, data, DatabaseAddress.Parse(options.Database, data.Root), problems);
    }

    /// <summary>A context on a database, with the settings of the server.</summary>
    public static Db Open(DatabaseAddress address)
    {
        switch (address)
        {
            case DatabaseAddress.Sqlite sqlite:
                Microsoft.EntityFrameworkCore.DbContextOptionsBuilder<SqliteDb> onFile = new();
                StorageRegistration.UseSqlite(onFile, sqlite);
                return new SqliteDb(onFile.Options);
            case DatabaseAddress.Postgres postgres:
                Microsoft.EntityFrameworkCore.DbContextOptionsBuilder<PostgresDb> onServer = new();
                StorageRegistration.UsePostgres(onServer, postgres);
                return new PostgresDb(onServer.Options);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
