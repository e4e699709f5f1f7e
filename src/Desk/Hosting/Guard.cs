using Microsoft.AspNetCore.Connections;
using Understory.Casework;
using Understory.Desk.Components;

namespace Understory.Desk;

/// <summary>Stands before every request: whose page it comes from, which headers the answer has, and what a fault looks like.</summary>
internal sealed class Guard(Workplace workplace, Func<Addresses> addresses)
{
    /// <summary>
    /// Everything is forbidden, and then what is needed allowed: our own styles and scripts, requests and forms to ourselves, and
    /// the empty picture that keeps browsers from asking for an icon.
    /// </summary>
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string Permissions = "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), bluetooth=(), payment=(), publickey-credentials-get=(), clipboard-read=()";
    private static readonly object s_address = new();
    private int _said;

    /// <summary>The address by which a request came, which was checked.</summary>
    public static Uri AddressOf(HttpContext http) => (Uri)http.Items[s_address]!;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        Harden(http.Response.Headers);
        try
        {
            if (addresses().Of(http.Request) is not { } address) throw new RequestRefusedException(StatusCodes.Status421MisdirectedRequest);
            http.Items[s_address] = address;
            _ = SessionCookie.Read(http, address);
            if (address.Scheme == Uri.UriSchemeHttps) http.Response.Headers.StrictTransportSecurity = "max-age=31536000";
            if (!Addresses.MayAnswer(http.Request, address)) throw new RequestRefusedException(StatusCodes.Status403Forbidden);
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && http.Response.ContentType is null) await AnswerAsync(http, http.Response.StatusCode, null);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (Exception fault) when (fault is Microsoft.AspNetCore.Http.BadHttpRequestException or ConnectionResetException)
        {
            http.Abort();
        }
        catch (RequestRefusedException refused)
        {
            await AnswerAsync(http, refused.Status, null);
        }
        catch (OtherLogException fault)
        {
            await ShowAsync(http, StatusCodes.Status409Conflict, request => request.PageAsync<Checkpoints.OtherLogPage>(StatusCodes.Status409Conflict, ("Fault", fault)));
        }
        catch (CaseworkException fault)
        {
            // One sentence for a person, with what to do.
            await AnswerAsync(http, StatusCodes.Status409Conflict, fault.Message);
        }
        catch (Exception fault)
        {
            // A fault of ours. Its message may hold what it should not.
            if (Interlocked.Exchange(ref _said, 1) == 0) workplace.Say($"A request failed by a fault of this program ({fault.GetType().Name}).");
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, null);
        }
        finally
        {
            SessionCookie.Forget(http);
        }
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        headers["X-Robots-Tag"] = "noindex";
    }

    private Task AnswerAsync(HttpContext http, int status, string? sentence) =>
        ShowAsync(http, status, request => request.PageAsync<ErrorPage>(status, ("Status", status), ("Sentence", sentence)));

    private async Task ShowAsync(HttpContext http, int status, Func<DeskRequest, Task> show)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        if (status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status411LengthRequired) http.Response.Headers.Connection = "close";
        http.Response.ContentLength = null;
        using var request = new DeskRequest(http, workplace, http.Items[s_address] as Uri ?? new Uri("http://localhost"), null);
        await show(request);
    }
}
