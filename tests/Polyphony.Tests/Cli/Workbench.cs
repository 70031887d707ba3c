using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>A directory of its own in which a test runs the tool as a user would. Where POLYPHONY_TEST_TOOL names a published program, that one is run.</summary>
public sealed class Workbench : IDisposable
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("POLYPHONY_TEST_TOOL");

    private readonly string root = Directory.CreateTempSubdirectory("polyphony-cli-").FullName;

    public string this[string name] => Path.Combine(root, name);

    public string File(string name, string text) => File(name, Encoding.UTF8.GetBytes(text));

    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Writes a pool and its quotas as files.</summary>
    public void Write(string poolName, string quotasName, SortitionPool pool)
    {
        File(poolName, "id," + string.Join(',', pool.Criteria.Select(criterion => criterion.Name)) + "\n"
            + string.Concat(pool.People.Select((person, i) => $"{i},{string.Join(',', person.Values.Select((value, c) => pool.Criteria[c].Quotas[value].Value))}\n")));
        File(quotasName, "feature,value,min,max\n" + string.Concat(pool.Criteria.SelectMany(criterion => criterion.Quotas.Select(quota => $"{criterion.Name},{quota.Value},{quota.Min},{quota.Max}\n"))));
    }

    /// <summary>Everything that stands in the directory, at any depth.</summary>
    public string[] Standing() => [.. Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];

    public (int Code, string Output, string Error) Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public (int Code, string Output, string Error) Run(CancellationToken cancellationToken, params string[] arguments)
    {
        Assert.True(Directory.Exists(root));
        if (Published is not null && !cancellationToken.CanBeCanceled)
        {
            return RunPublished(Published, arguments);
        }

        using StringWriter output = new();
        using StringWriter error = new();
        int code = Tool.Run(arguments, output, error, terminal: false, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private static (int Code, string Output, string Error) RunPublished(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs with --json and makes sure that there is one object and nothing else.</summary>
    public (int Code, JsonObject Answer) Json(params string[] arguments)
    {
        (int code, string output, string error) = Run([.. arguments, "--json"]);
        Assert.Equal("", error);
        return (code, Assert.IsType<JsonObject>(JsonNode.Parse(output)));
    }

    /// <summary>Refused input as <c>code@row:column</c>.</summary>
    public string[] Refusals(params string[] arguments)
    {
        string[] before = Standing();
        (int code, JsonObject answer) = Json(arguments);
        Assert.Equal(2, code);
        Assert.Equal(before, Standing());
        Assert.Equal((int)answer["count"]!, answer["problems"]!.AsArray().Count);
        return [.. answer["problems"]!.AsArray().Select(problem => $"{problem!["code"]}{(problem["row"] is { } row ? $"@{row}" : "")}{(problem["column"] is { } column ? $":{column}" : "")}")];
    }

    /// <summary>A written table.</summary>
    public Sheet Table(string name) => Assert.IsType<SheetReading.Read>(SheetReader.Read(name, System.IO.File.ReadAllBytes(this[name]))).Sheet;

    public void Dispose() => Directory.Delete(root, recursive: true);
}
