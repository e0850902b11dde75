//! The MCP server: lists the offers as tools, and calls them.

use super::{
    call::{Session, call},
    offer::Offer,
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
        ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ServerCapabilities,
        ServerConfig, Tool,
    },
    service::RequestContext,
};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The server of a session.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) session: Session,
    pub(super) offers: Vec<Offer>,
}

impl Server {
    /// The models that are offered.
    pub(super) fn describe(&self) -> String {
        let ids: Vec<&str> = self.offers.iter().map(|offer| offer.id.as_str()).collect();
        ids.join(", ")
    }

    fn offer(&self, name: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.tool.name == name)
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let program = Implementation::new("cargo-fal", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(program)
            .with_instructions("Each tool is a generative model of fal.ai. A call costs money and takes seconds to minutes.")
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.offers.iter().map(|offer| offer.tool.clone());
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.offer(name).map(|offer| offer.tool.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(offer) = self.offer(&request.name) else {
            let message = format!(
                "there is no tool {:?}; this server offers {}",
                request.name,
                self.describe()
            );
            return Err(ErrorData::invalid_params(message, None));
        };
        let input = Value::Object(request.arguments.unwrap_or_default());
        let (progress, lines) = unbounded_channel();
        let cancelled = context.ct.clone();
        let cancelled = async move { cancelled.cancelled().await };
        let calling = call(&self.session, offer, input, progress, cancelled);
        let (ended, ()) = tokio::join!(calling, notify(&context, lines));
        let result = match ended {
            Ok(report) => CallToolResult::structured(report),
            Err(message) => CallToolResult::error(vec![ContentBlock::text(message)]),
        };
        Ok(result.into())
    }
}

/// Sends progress to the host, if it asked for it, until the call has ended.
async fn notify(context: &RequestContext<RoleServer>, mut lines: UnboundedReceiver<String>) {
    let token = context.meta.get_progress_token();
    let mut count = 0.0;
    while let Some(line) = lines.recv().await {
        let Some(token) = token.clone() else { continue };
        count += 1.0;
        let progress = ProgressNotificationParam::new(token, count).with_message(line);
        // Sending fails if the host is gone.
        let _ = context.peer.notify_progress(progress).await;
    }
}
