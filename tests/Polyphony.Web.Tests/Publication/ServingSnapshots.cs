using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Polyphony.Dialogues;
using Polyphony.Web.Hosting;
using Polyphony.Web.Publication;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Publication;

public sealed class ServingSnapshots(TestServer server)
{
    [Theory]
    [InlineData("results/en", "text/html")]
    [InlineData("results.csv", "text/csv")]
    [InlineData("results.json", "application/json")]
    public async Task Any_cache_may_keep_them(string file, string type)
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "snapshot-" + type.Split('/')[1]);
        await dialogue.AddSessionAsync(BallotState.Closed);
        await dialogue.PublishAsync();

        // The first is made through the whole pipeline, the second comes from memory: a cache may keep either.
        string first = await CacheableAsync(await dialogue.AskAsync(file), type);
        HttpResponseMessage again = await dialogue.Public.GetAsync($"/d/{dialogue.Slug}/{file}");
        Assert.Equal(first, await CacheableAsync(again, type));
        Assert.Equal(first, (await dialogue.Organiser.OpenAsync($"/d/{dialogue.Slug}/{file}")).Html);

        using HttpRequestMessage known = new(HttpMethod.Get, $"/d/{dialogue.Slug}/{file}");
        known.Headers.IfNoneMatch.Add(again.Headers.ETag!);
        HttpResponseMessage unchanged = await dialogue.Public.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(again.Headers.ETag, unchanged.Headers.ETag);

        using HttpRequestMessage packed = new(HttpMethod.Get, $"/d/{dialogue.Slug}/{file}");
        packed.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        HttpResponseMessage small = await dialogue.Public.SendAsync(packed);
        Assert.Equal("gzip", Assert.Single(small.Content.Headers.ContentEncoding));
        await using System.IO.Compression.GZipStream unpacked = new(await small.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(first, await new StreamReader(unpacked).ReadToEndAsync(TestContext.Current.CancellationToken));

        string kept = Path.Combine([server.DataDirectory, "snapshots", "d", dialogue.Slug, .. file.Split('/')]) + (file.Contains('.', StringComparison.Ordinal) ? "" : ".html");
        Assert.Equal(first, await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task They_are_looked_at_again_once_a_second_and_made_anew_when_something_changed()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-test-").FullName;
        Clock clock = new();
        ResultSnapshots snapshots = new(new DataDirectory(new PolyphonyOptions { Data = directory }, directory), clock);
        int looked = 0, made = 0;
        string state = "a";
        async Task AskAsync()
        {
            DefaultHttpContext context = new();
            context.Request.Method = "GET";
            context.Request.Path = "/d/x/results.csv";
            if (!snapshots.TryAnswer(context, out _))
            {
                await snapshots.AnswerAsync(context, () => Task.FromResult(state + (looked++ < 0)), () => Task.FromResult<(byte[], string)?>((Encoding.UTF8.GetBytes(state + made++), "text/csv")));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(AskAsync)));
        Assert.Equal((1, 1), (looked, made));

        state = "b";
        clock.Pass(TimeSpan.FromSeconds(0.9));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(AskAsync)));
        Assert.Equal((1, 1), (looked, made));

        clock.Pass(TimeSpan.FromSeconds(0.2));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(AskAsync)));
        Assert.Equal((2, 2), (looked, made));

        clock.Pass(TimeSpan.FromSeconds(5));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(AskAsync)));
        Assert.Equal((3, 2), (looked, made));
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<string> CacheableAsync(HttpResponseMessage response, string type)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(response.Headers.ETag);
        Assert.True(response.Headers.CacheControl is { Public: true, MaxAge.TotalSeconds: >= 1, NoStore: false });
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
        string content = await response.Content.ReadAsStringAsync();
        foreach (string personal in (string[])["<script", "nonce", "__RequestVerificationToken"])
        {
            Assert.DoesNotContain(personal, content, StringComparison.Ordinal);
        }

        return content;
    }

    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref now);

        public void Pass(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
    }
}
