using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Publication;

/// <summary>Public results as finished bytes with an ETag, the same for everybody, made anew at most once a second and kept as files that any web server may serve.</summary>
public sealed class ResultSnapshots(DataDirectory data, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Snapshot> snapshots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> locks = new(StringComparer.Ordinal);

    /// <summary>Answers from memory what was made within the last second, before anything else of the pipeline runs.</summary>
    /// <returns>Whether it was answered.</returns>
    public bool TryAnswer(HttpContext context, out Task answer)
    {
        answer = Task.CompletedTask;
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.QueryString.HasValue
            || !snapshots.TryGetValue(Key(context), out Snapshot? snapshot) || clock.GetElapsedTime(snapshot.CheckedAt) >= Fresh)
        {
            return false;
        }

        answer = WriteAsync(context, snapshot);
        return true;
    }

    /// <summary>Answers with the snapshot of this address; makes it when its stamp has changed.</summary>
    /// <param name="stamp">Reads what the snapshot depends on.</param>
    /// <param name="make">Makes the bytes and their type; null: there is nothing to see, 404.</param>
    public async Task<IResult> AnswerAsync(HttpContext context, Func<Task<string>> stamp, Func<Task<(byte[] Content, string Type)?>> make)
    {
        string path = Key(context);
        SemaphoreSlim one = locks.GetOrAdd(path, _ => new SemaphoreSlim(1, 1));
        await one.WaitAsync(context.RequestAborted);
        try
        {
            if (!snapshots.TryGetValue(path, out Snapshot? snapshot) || clock.GetElapsedTime(snapshot.CheckedAt) >= Fresh)
            {
                string now = await stamp();
                if (snapshot is null || snapshot.Stamp != now)
                {
                    if (await make() is not { } made)
                    {
                        snapshots.TryRemove(path, out _);
                        return Results.NotFound();
                    }

                    snapshot = new Snapshot(now, made.Content, Compress(made.Content), $"W/\"{Convert.ToHexStringLower(SHA256.HashData(made.Content)[..12])}\"", made.Type, clock.GetTimestamp());
                    await KeepAsync(path, made.Content, context.RequestAborted);
                }

                snapshots[path] = snapshot = snapshot with { CheckedAt = clock.GetTimestamp() };
            }

            return new SnapshotResult(snapshot);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Routes do not mind capitals; one page is kept once all the same.</summary>
    private static string Key(HttpContext context) => (context.Request.Path.Value ?? "").ToLowerInvariant();

    private static Task WriteAsync(HttpContext context, Snapshot snapshot)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ETag = snapshot.ETag;
        headers.CacheControl = "public, max-age=1, must-revalidate";
        headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch is [{ } known] && (known == "*" || known.Contains(snapshot.ETag[2..], StringComparison.Ordinal)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        bool packed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
        byte[] content = packed ? snapshot.Packed : snapshot.Content;
        if (packed)
        {
            headers.ContentEncoding = "gzip";
        }

        context.Response.ContentType = snapshot.Type;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    /// <summary>Lays the snapshot into the data directory under its address, whole or not at all.</summary>
    private async Task KeepAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Any(part => part is ".." or "." || part.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))))
        {
            return;
        }

        string file = Path.Combine([data.Root, "snapshots", .. parts]) + (Path.HasExtension(path) ? "" : ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file + ".new", content, cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <param name="ETag">Weak: the packed and the plain bytes share it.</param>
    private sealed record Snapshot(string Stamp, byte[] Content, byte[] Packed, string ETag, string Type, long CheckedAt);

    private sealed class SnapshotResult(Snapshot snapshot) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, snapshot);
    }
}

internal static class ResultSnapshotsMiddleware
{
    /// <summary>Fresh snapshots are answered here: no routing, no session, no database.</summary>
    public static void UseResultSnapshots(this WebApplication app)
    {
        ResultSnapshots snapshots = app.Services.GetRequiredService<ResultSnapshots>();
        app.Use((context, next) => snapshots.TryAnswer(context, out Task answer) ? answer : next(context));
    }
}
