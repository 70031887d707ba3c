using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Benchmarks.Draws;

/// <summary>The published tool as a whole process on pools and panels of growing size, from the rehearsal's people: user and system seconds as /usr/bin/time counts them.</summary>
internal static class ScaleVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        string tool = arguments.Text("tool", "polyphony/polyphony");
        int[] sizes = Numbers(arguments.Text("sizes", "50,100,200"));
        string directory = Directory.CreateTempSubdirectory("polyphony-scale-").FullName;
        try
        {
            Console.WriteLine("| people | size | kinds | CPU | gap | least chance |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (int people in Numbers(arguments.Text("people", "500,1000,2000,5000,10000,20000")))
            {
                string pool = Path.Combine(directory, "pool.csv");
                await File.WriteAllBytesAsync(pool, SyntheticPeople.PoolCsv(people, 20270104));
                foreach (int size in sizes.Where(size => size * 5 <= people * 2))
                {
                    string quotas = Path.Combine(directory, "quotas.csv");
                    await File.WriteAllTextAsync(quotas, Quotas(size));
                    Console.WriteLine(await MeasureAsync(tool, pool, quotas, people, size, Path.Combine(directory, "out")));
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(string tool, string pool, string quotas, int people, int size, string to)
    {
        ProcessStartInfo start = new("/usr/bin/time", [
            "-f", "%U %S", tool, "draw", "lottery", "--pool", pool, "--quotas", quotas, "--size", Text(size), "--household", "street,postcode", "--out", to, "--json",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> timed = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string[] seconds = (await timed).Trim().Split('\n')[^1].Split(' ');
        if (process.ExitCode != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"| {people} | {size} | exit code {process.ExitCode} | | | |");
        }

        using JsonDocument answer = JsonDocument.Parse(said);
        double cpu = seconds.Sum(text => double.Parse(text, CultureInfo.InvariantCulture));
        JsonElement root = answer.RootElement;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {people} | {size} | {root.GetProperty("types").GetInt32()} | {cpu:0.00} s | {root.GetProperty("gap").GetDouble():0.0e+0} | {root.GetProperty("min").GetDouble():P2} |");
    }

    /// <summary>The rehearsal's shares of the population, two in a hundred more or less.</summary>
    private static string Quotas(int size)
    {
        StringBuilder csv = new("feature,value,min,max\n");
        int room = (int)Math.Ceiling(size / 50.0);
        foreach (string[] row in Encoding.UTF8.GetString(RehearsalStage.Material("quotas.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split(',')))
        {
            int share = (int)Math.Round(double.Parse(row[4], CultureInfo.InvariantCulture) * size);
            csv.Append(CultureInfo.InvariantCulture, $"{row[0]},{row[1]},{Math.Max(0, share - room)},{share + room}\n");
        }

        return csv.ToString();
    }

    private static int[] Numbers(string list) => [.. list.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
