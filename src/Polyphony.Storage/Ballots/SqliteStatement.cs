using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Polyphony.Storage.Ballots;

/// <summary>A prepared statement without the layers above it: a third of a ballot's time was spent in parameters and readers of ADO.NET.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Binds from 1.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(statement, index, blob));
        return this;
    }

    /// <summary>What was bound for the row before stays bound, so that nothing has to be bound as well.</summary>
    public SqliteStatement BindOrNull(int index, byte[]? blob)
    {
        Check(blob is null ? raw.sqlite3_bind_null(statement, index) : raw.sqlite3_bind_blob(statement, index, blob));
        return this;
    }

    public SqliteStatement Bind(int index, string text)
    {
        Span<byte> utf8 = stackalloc byte[1_024];


        // An empty span would be bound as NULL.
        int length = text.Length > 0 && Encoding.UTF8.GetMaxByteCount(text.Length) <= utf8.Length ? Encoding.UTF8.GetBytes(text, utf8) : -1;
        Check(length < 0 ? raw.sqlite3_bind_text(statement, index, text) : raw.sqlite3_bind_text(statement, index, (ReadOnlySpan<byte>)utf8[..length]));
        return this;
    }

    /// <summary>As Microsoft.Data.Sqlite writes a GUID: upper-case text.</summary>
    public SqliteStatement Bind(int index, Guid id)
    {
        Span<byte> utf8 = stackalloc byte[36];
        _ = id.TryFormat(utf8, out _, "D");
        for (int i = 0; i < utf8.Length; i++)
        {
            utf8[i] -= utf8[i] is >= (byte)'a' and <= (byte)'f' ? (byte)32 : (byte)0;
        }

        Check(raw.sqlite3_bind_text(statement, index, (ReadOnlySpan<byte>)utf8));
        return this;
    }

    public SqliteStatement Bind(int index, int number)
    {
        Check(raw.sqlite3_bind_int(statement, index, number));
        return this;
    }

    /// <summary>Steps once.</summary>
    /// <returns>Whether there is a row; its columns hold until <see cref="Reset"/>.</returns>
    public bool Step()
    {
        int result = raw.sqlite3_step(statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        _ = raw.sqlite3_reset(statement);
        throw Failure(result);
    }

    /// <summary>Steps a statement that returns nothing and makes it ready again.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => Check(raw.sqlite3_reset(statement));

    public int Number(int column) => raw.sqlite3_column_int(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public Guid Id(int column) => Guid.ParseExact(Text(column), "D");

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    private SqliteException Failure(int result) => new(raw.sqlite3_errmsg(database).utf8_to_string(), result);
}
