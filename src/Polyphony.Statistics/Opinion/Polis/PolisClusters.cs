namespace Polyphony.Statistics.Opinion.Polis;

/// <summary>A point on the map of Polis.</summary>
public readonly record struct PolisPoint(double X, double Y);

/// <summary>A cluster of points.</summary>
/// <param name="Id">Its number; numbers of clusters that became empty are missing.</param>
/// <param name="Center">The mean of its points.</param>
/// <param name="Members">Numbers of its points, rising.</param>
public sealed record PolisCluster(int Id, PolisPoint Center, IReadOnlyList<int> Members);

/// <summary>k-means as Polis does it: it begins with the first points, and clusters that become empty are dropped.</summary>
internal static class PolisClusters
{
    private const double Still = 0.01;

    /// <summary>Clusters points.</summary>
    /// <param name="points">The points, in an order that matters.</param>
    /// <param name="weights">How many people each stands for.</param>
    /// <param name="k">Clusters to begin with: the first so many different points.</param>
    /// <param name="rounds">Rounds after the first.</param>
    public static PolisCluster[] Of(PolisPoint[] points, int[] weights, int k, int rounds)
    {
        var clusters = points.Distinct().Take(k).Select((point, i) => new PolisCluster(i, point, [])).ToArray();
        for (var round = 0; ; round++)
        {
            var next = Step(points, weights, clusters);
            if (round == rounds || AreStill(clusters, next))
                return next;
            clusters = next;
        }
    }

    /// <summary>Mean silhouette of the points, 0 for one alone in its cluster; Euclidean, without weights.</summary>
    public static double Silhouette(PolisPoint[] points, PolisCluster[] clusters)
    {
        var of = new int[points.Length];
        for (var c = 0; c < clusters.Length; c++)
        {
            foreach (var member in clusters[c].Members)
                of[member] = c;
        }
        var sum = 0.0;
        for (var i = 0; i < points.Length; i++)
        {
            var distance = new double[clusters.Length];
            for (var j = 0; j < points.Length; j++)
                distance[of[j]] += Distance(points[i], points[j]);
            var own = clusters[of[i]].Members.Count;
            if (own < 2 || clusters.Length < 2)
                continue;
            var a = distance[of[i]] / (own - 1);
            var b = Enumerable.Range(0, clusters.Length).Where(c => c != of[i]).Min(c => distance[c] / clusters[c].Members.Count);
            sum += Math.Max(a, b) == 0 ? 0 : (b - a) / Math.Max(a, b);
        }
        return sum / points.Length;
    }

    private static PolisCluster[] Step(PolisPoint[] points, int[] weights, PolisCluster[] clusters)
    {
        var members = clusters.Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < points.Length; i++)
        {
            var nearest = 0;
            var least = double.PositiveInfinity;
            for (var c = 0; c < clusters.Length; c++)
            {
                var distance = Distance(points[i], clusters[c].Center);
                if (distance <= least)
                    (nearest, least) = (c, distance);
            }
            members[nearest].Add(i);
        }
        return [.. clusters.Select((cluster, c) => cluster with { Center = Mean(points, weights, members[c]), Members = members[c] }).Where(cluster => cluster.Members.Count > 0)];
    }

    private static PolisPoint Mean(PolisPoint[] points, int[] weights, List<int> members)
    {
        double x = 0, y = 0, all = 0;
        foreach (var member in members)
        {
            x += weights[member] * points[member].X;
            y += weights[member] * points[member].Y;
            all += weights[member];
        }
        return new PolisPoint(x / all, y / all);
    }

    private static bool AreStill(PolisCluster[] before, PolisCluster[] after) =>
        before.Length == after.Length && Sorted(before).Zip(Sorted(after)).All(pair => Distance(pair.First, pair.Second) < Still);

    private static IEnumerable<PolisPoint> Sorted(PolisCluster[] clusters) => clusters.Select(cluster => cluster.Center).OrderBy(center => center.X).ThenBy(center => center.Y);

    private static double Distance(PolisPoint a, PolisPoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}
